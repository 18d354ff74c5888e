"""What holds for every test."""

from hypothesis import settings

# A law is true or false however slow the machine is; how long things take is measured in bench/.
settings.register_profile("hladr", deadline=None)
settings.load_profile("hladr")
