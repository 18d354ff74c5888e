"""A server that takes HL7 by MLLP, a process of its own: it checks each message, and can misbehave.

    python mllp_server.py FOLDER

What it takes it keeps in FOLDER, a file a message; how it answers stands in FOLDER/mode.
"""

import re
import socket
import sys
import threading
import time
from pathlib import Path

import hl7

BEGIN, END = b"\x0b", b"\x1c\r"
SEGMENTS = re.compile(r"MSH PID OBR(?: NTE)*(?: OBX(?: NTE)*)+ SPM")


def complaint(frame):
    """What is wrong with a frame; None with one that is right."""
    if not frame.startswith(BEGIN) or not frame.endswith(END):
        return "no frame"
    content = frame[len(BEGIN) : -len(END)]
    if BEGIN in content or b"\x1c" in content or b"\n" in content:
        return "signs of the frame inside it"
    message = hl7.parse(content.decode("utf-8"))
    names = " ".join(str(segment[0]) for segment in message)
    if not SEGMENTS.fullmatch(names):
        return f"segments {names}"
    head = message.segment("MSH")
    said = (str(head[9]), str(head[12]), str(head[18]))
    if said != ("ORU^R01^ORU_R01", "2.5.1", "UNICODE UTF-8"):
        return f"head {said}"
    if not 1 <= len(str(head[10])) <= 20 or not str(message.segment("PID")[3]):
        return "no id of the message or of the patient"
    return None


def acknowledged(id_, code, text=""):
    head = f"MSH|^~\\&|LIS|WARD|HLADR||20260314||ACK^R01^ACK|A{id_[:10]}|P|2.5.1"
    return BEGIN + f"{head}\rMSA|{code}|{id_}|{text}\r".encode() + END


class Server:
    def __init__(self, folder):
        self.folder, self.number = folder, 0
        self.socket = socket.create_server(("127.0.0.1", self.port()))

    def port(self):
        known = self.folder / "port"
        return int(known.read_text()) if known.exists() else 0

    def run(self):
        write(self.folder / "port", str(self.socket.getsockname()[1]).encode())
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            frame = b""
            while not frame.endswith(END):
                more = connection.recv(1 << 16)
                if not more:
                    return
                frame += more
            self.take(connection, frame)

    def take(self, connection, frame):
        mode, _, more = (self.folder / "mode").read_text().partition(" ")
        wrong = complaint(frame)
        self.number = len(list(self.folder.glob("*.message"))) + 1
        write(self.folder / f"{self.number:04d}.message", frame[1:-2])
        if wrong is not None:
            write(self.folder / "complaint", wrong.encode())
        id_ = str(hl7.parse(frame[1:-2].decode()).segment("MSH")[10])
        if mode == "slow":
            time.sleep(float(more))
        elif mode == "cut":
            return
        elif mode == "half":
            connection.sendall(acknowledged(id_, "AA")[:20])
            return
        elif mode == "wrong":
            id_ = "ANOTHER"
        elif mode == "babble":
            connection.sendall(BEGIN + b"what?" + END)
            return
        code = "AR" if wrong else mode if mode.isupper() else "AA"
        connection.sendall(acknowledged(id_, code, wrong or more))


def write(path, content):
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.rename(path)


if __name__ == "__main__":
    Server(Path(sys.argv[1])).run()
