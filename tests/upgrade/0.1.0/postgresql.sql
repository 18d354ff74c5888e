--
-- PostgreSQL database dump
--

\restrict NzJtJ42YKkEhhUEtYFKyO56WHwXnKOpdc5pz8Pex04PBnIdIZEkoLFS2txAid50

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: hladr_refuse(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.hladr_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: analyses; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.analyses (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    state character varying(16) NOT NULL,
    file_sha256 character varying(64),
    file_name text,
    kind character varying(16) NOT NULL,
    subject character varying(200),
    study_id character varying(36),
    site character varying(200),
    related_to character varying(36),
    relation character varying(16),
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL
);


--
-- Name: analysis_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.analysis_versions (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    cause character varying(16) NOT NULL,
    calibration_id character varying(36),
    calibration_version integer,
    gates_sha256 character varying(64),
    population text,
    assay_sha256 character varying(64),
    criterion_sha256 character varying(64),
    tube text NOT NULL,
    result text,
    verdict character varying(16),
    findings text NOT NULL,
    made_at character varying(27) NOT NULL,
    made_by character varying(200) NOT NULL,
    reason text
);


--
-- Name: answers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.answers (
    id character varying(36) NOT NULL,
    analysis_id character varying(36) NOT NULL,
    analysis_version integer NOT NULL,
    finding character varying(200) NOT NULL,
    answer text NOT NULL,
    at character varying(27) NOT NULL,
    by character varying(200) NOT NULL
);


--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    id character varying(36) NOT NULL,
    secret_sha256 character varying(64) NOT NULL,
    prefix character varying(16) NOT NULL,
    label character varying(200) NOT NULL,
    scopes text NOT NULL,
    site character varying(200),
    requests_a_minute integer NOT NULL,
    bytes_a_day bigint NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL,
    expires_at character varying(27),
    last_used_at character varying(27),
    revoked_at character varying(27)
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    seq bigint NOT NULL,
    at character varying(27) NOT NULL,
    actor character varying(200) NOT NULL,
    action character varying(200) NOT NULL,
    subject character varying(200) NOT NULL,
    facts text NOT NULL,
    previous character varying(64) NOT NULL,
    hash character varying(64) NOT NULL
);


--
-- Name: audit_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_head (
    id integer NOT NULL,
    seq bigint NOT NULL,
    hash character varying(64) NOT NULL
);


--
-- Name: bytes_received; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.bytes_received (
    principal_id character varying(36) NOT NULL,
    day character varying(10) NOT NULL,
    bytes bigint NOT NULL
);


--
-- Name: calibration_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.calibration_versions (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    lot_id character varying(36) NOT NULL,
    lot_version integer NOT NULL,
    instrument_id character varying(36) NOT NULL,
    instrument_version integer NOT NULL,
    assay_sha256 character varying(64) NOT NULL,
    algorithm character varying(200) NOT NULL,
    curve text NOT NULL,
    curve_sha256 character varying(64) NOT NULL,
    accepted boolean NOT NULL,
    findings text NOT NULL,
    made_at character varying(27) NOT NULL,
    made_by character varying(200) NOT NULL,
    reason text
);


--
-- Name: calibrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.calibrations (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    file_sha256 character varying(64) NOT NULL,
    file_name text NOT NULL,
    lot_id character varying(36) NOT NULL,
    instrument_id character varying(36) NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL
);


--
-- Name: definitions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.definitions (
    sha256 character varying(64) NOT NULL,
    kind character varying(200) NOT NULL,
    name character varying(200) NOT NULL,
    version character varying(200) NOT NULL,
    content text NOT NULL
);


--
-- Name: files; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.files (
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    received_at character varying(27) NOT NULL
);


--
-- Name: idempotency; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency (
    principal_id character varying(36) NOT NULL,
    key character varying(200) NOT NULL,
    request_sha256 character varying(64) NOT NULL,
    started_at character varying(27) NOT NULL,
    finished_at character varying(27),
    status integer,
    headers text,
    body text
);


--
-- Name: instrument_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.instrument_versions (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    sha256 character varying(64) NOT NULL,
    made_at character varying(27) NOT NULL,
    made_by character varying(200) NOT NULL,
    reason text
);


--
-- Name: instruments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.instruments (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    label character varying(700) NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL
);


--
-- Name: lot_versions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lot_versions (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    sha256 character varying(64) NOT NULL,
    made_at character varying(27) NOT NULL,
    made_by character varying(200) NOT NULL,
    reason text
);


--
-- Name: lots; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lots (
    id character varying(36) NOT NULL,
    version integer NOT NULL,
    label character varying(700) NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL
);


--
-- Name: notices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notices (
    id character varying(36) NOT NULL,
    analysis_id character varying(36) NOT NULL,
    analysis_version integer NOT NULL,
    told character varying(200) NOT NULL,
    told_at character varying(27) NOT NULL,
    read_back boolean NOT NULL,
    by character varying(200) NOT NULL
);


--
-- Name: randomisations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.randomisations (
    study_id character varying(36) NOT NULL,
    subject character varying(200) NOT NULL,
    randomised_at character varying(27) NOT NULL,
    recorded_by character varying(200) NOT NULL
);


--
-- Name: recalculation_items; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recalculation_items (
    recalculation_id character varying(36) NOT NULL,
    place integer NOT NULL,
    analysis_id character varying(36) NOT NULL,
    state character varying(16) NOT NULL,
    owner character varying(36),
    lease_until character varying(27),
    attempt integer NOT NULL,
    old_version integer NOT NULL,
    new_version integer,
    code character varying(200),
    message text
);


--
-- Name: recalculations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recalculations (
    id character varying(36) NOT NULL,
    reason text NOT NULL,
    wanted text NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL,
    finished_at character varying(27)
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    token_sha256 character varying(64) NOT NULL,
    user_id character varying(36) NOT NULL,
    csrf_sha256 character varying(64) NOT NULL,
    created_at character varying(27) NOT NULL,
    seen_at character varying(27) NOT NULL,
    expires_at character varying(27) NOT NULL,
    ended_at character varying(27)
);


--
-- Name: signatures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signatures (
    id character varying(36) NOT NULL,
    analysis_id character varying(36) NOT NULL,
    analysis_version integer NOT NULL,
    meaning character varying(16) NOT NULL,
    user_id character varying(36) NOT NULL,
    user_name character varying(200) NOT NULL,
    full_name character varying(200) NOT NULL,
    at character varying(27) NOT NULL,
    comment text
);


--
-- Name: studies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.studies (
    id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(200) NOT NULL,
    unblinded_at character varying(27),
    unblinded_by character varying(200)
);


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    full_name character varying(200) NOT NULL,
    password_hash character varying(200) NOT NULL,
    roles text NOT NULL,
    site character varying(200),
    active boolean NOT NULL,
    version integer NOT NULL,
    created_at character varying(27) NOT NULL
);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0001');


--
-- Data for Name: analyses; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.analyses VALUES ('785447a6-a018-497a-9c67-1abc2781c05e', 1, 'no_result', NULL, NULL, 'patient', 'ATH-003', NULL, NULL, NULL, NULL, '2026-11-26T22:46:22.580901Z', 'key:administrator');
INSERT INTO public.analyses VALUES ('9216d2b5-8cba-47db-9f6c-23809cb77d4f', 1, 'rejected', '3d92c693cfc718a4e80af6e48708f94637eed64f592023c02612430ebf572d92', 'forgotten-stain.fcs', 'patient', 'ATH-002', NULL, NULL, NULL, NULL, '2026-11-26T22:46:22.567769Z', 'key:administrator');
INSERT INTO public.analyses VALUES ('f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 3, 'open', '0c297da852b9fdc35d8d73b0ff567dcde2c3de2589fdb8ecf5f395b11206dc69', 'borderline.fcs', 'patient', 'ATH-001', 'fec48d30-2ca3-45e2-9654-50331864de98', 'Athens', NULL, NULL, '2026-11-26T22:46:22.524508Z', 'key:administrator');


--
-- Data for Name: analysis_versions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.analysis_versions VALUES ('f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 1, 'analysed', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 1, NULL, NULL, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', 'f694cba133dad493cfe9744ff4cf2a04a369301252c2b6bbda07b005c6ab37ab', '{"drawn_at":"2026-03-14T08:00+02:00","ferritin_ng_ml":"1240","kind":"patient","site":"Athens","study":"fec48d30-2ca3-45e2-9654-50331864de98","subject":"ATH-001"}', '{"assay":{"name":"quantibrite-340827","sha256":"b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57","version":"1"},"calibration":{"accepted":true,"beads":{"file":"canto-beads.fcs","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077"},"intercept":-0.13202645470893115,"lot":{"number":"SIM-1","sha256":"0fc6d52ed98e206f55ba7d63829f1940ac857990453b40d41276a091e4c399b8"},"max_residual_percent":0.7555060240319156,"model":"log-log line","peaks":[{"assigned":474.0,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"median":341.44183349609375,"residual_percent":0.4179047107256251},{"assigned":5359.0,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"median":3750.71728515625,"residual_percent":-0.7555060240319156},{"assigned":23843.0,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"median":16622.5400390625,"residual_percent":-0.18075826304149167},{"assigned":62336.0,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"median":43694.9375,"residual_percent":0.5236285079977865}],"r_squared":0.9999922191267935,"slope":0.9947746188823665},"classification":{"class":"immunoparalysis","criterion":{"name":"immunosep-2025","version":"1"},"decisive":false,"ferritin_ng_ml":"1240","probability":0.904},"context":{"drawn_at":"2026-03-14T08:00+02:00","preparation":null,"site":"Athens","stained_at":null,"subject":"ATH-001","tube_type":null,"visit":null},"findings":[{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"},{"code":"FEW_MONOCYTES","message":"1,590 monocytes, fewer than 3,000. Acquire more events of this tube.","severity":"note"},{"code":"CUT_OFF_WITHIN_INTERVAL","message":"5,000 AB/c lies inside the 95 % interval 4,401 to 5,130 of the method with its repeatability. Confirm the gate, or measure again.","severity":"note"},{"code":"STAIN_TIME_UNKNOWN","message":"The time of staining was not given; the age of the blood could not be checked.","severity":"note"}],"gating":{"confidence":0.9787467208282212,"gates_sha256":null,"method":"automatic","population":"monocytes","populations":[{"events":20000,"name":"events","parent":null,"percent_of_parent":100.0},{"events":20000,"name":"steady events","parent":"events","percent_of_parent":100.0},{"events":19635,"name":"singlets","parent":"steady events","percent_of_parent":98.175},{"events":17518,"name":"leukocytes","parent":"singlets","percent_of_parent":89.2182327476445},{"events":1604,"name":"monocytes by CD14","parent":"leukocytes","percent_of_parent":9.156296380865395},{"events":1590,"name":"monocytes","parent":"leukocytes","percent_of_parent":9.076378582029912},{"events":1630,"name":"lymphocytes","parent":"leukocytes","percent_of_parent":9.304715150131294}]},"hla_dr":{"abc":4751.351900339276,"abc_median":4850.068908295761,"ci95":[4400.943641731801,5129.660072623447],"ci95_analysis":[4546.655246027675,4965.264278742332],"fp_ratio":1.0,"interval_terms":{"counting":0.016105378909373157,"curve":0.004797529305144312,"gate":0.009612454629505598,"model":0.011338049751321744,"repeatability":0.032},"mfi":3354.115170967828,"monocytes":1590,"nonpositive_fraction":0.0,"not_included":["fp_ratio","bead_values","autofluorescence"],"range":"within","statistic":"geometric_mean"},"internal_control":{"bright_abc":35593.07538103799,"bright_events":393,"negative_abc":56.86704378308738,"negative_events":1237},"sample":{"acquired_at":"2026-03-14T09:44:30","cytometer":"FACSCantoII","events":20000,"file":"borderline.fcs","serial":"V00000001","sha256":"0c297da852b9fdc35d8d73b0ff567dcde2c3de2589fdb8ecf5f395b11206dc69"},"schema":"hladr.result/1","software":{"algorithm":"2","name":"hladr","version":"0.1.0"},"verdict":"pass"}', 'pass', '[{"blocks":false,"code":"IDENTITY_UNPROVEN","message":"The file names no specimen; that it is of this subject rests on who sent it.","severity":"note"},{"blocks":false,"code":"CONTEXT_UNKNOWN","message":"Nobody said: tube type, preparation, antibody lot, operator, visit.","severity":"note"}]', '2026-11-26T22:46:22.524508Z', 'key:administrator', NULL);
INSERT INTO public.analysis_versions VALUES ('9216d2b5-8cba-47db-9f6c-23809cb77d4f', 1, 'analysed', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 1, NULL, NULL, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', 'f694cba133dad493cfe9744ff4cf2a04a369301252c2b6bbda07b005c6ab37ab', '{"kind":"patient","subject":"ATH-002"}', '{"assay":{"name":"quantibrite-340827","sha256":"b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57","version":"1"},"calibration":{"accepted":true,"beads":{"file":"canto-beads.fcs","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077"},"intercept":-0.13202645470893115,"lot":{"number":"SIM-1","sha256":"0fc6d52ed98e206f55ba7d63829f1940ac857990453b40d41276a091e4c399b8"},"max_residual_percent":0.7555060240319156,"model":"log-log line","peaks":[{"assigned":474.0,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"median":341.44183349609375,"residual_percent":0.4179047107256251},{"assigned":5359.0,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"median":3750.71728515625,"residual_percent":-0.7555060240319156},{"assigned":23843.0,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"median":16622.5400390625,"residual_percent":-0.18075826304149167},{"assigned":62336.0,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"median":43694.9375,"residual_percent":0.5236285079977865}],"r_squared":0.9999922191267935,"slope":0.9947746188823665},"classification":{"class":"undetermined","criterion":{"name":"immunosep-2025","version":"1"},"decisive":null,"ferritin_ng_ml":null,"probability":null},"context":{"drawn_at":null,"preparation":null,"site":null,"stained_at":null,"subject":"ATH-002","tube_type":null,"visit":null},"findings":[{"code":"LOG_OFFSET_ZERO","message":"an offset of 0 in $PnE was read as 1: ''$P3E'', ''$P4E''. Nothing to do.","severity":"note"},{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"},{"code":"DETECTOR_DIFFERS","message":"The beads were measured on PE-A, HLA-DR on FL2-H; detector and pulse feature (area, height) must be the same. Export both files alike.","severity":"reject"},{"code":"AMPLIFICATION_DIFFERS","message":"The beads have 0 log decades ($PnE), the sample 4. Acquire both with the same amplifier.","severity":"reject"},{"code":"VOLTAGE_DIFFERS","message":"FL2-H stood at 410 V for the beads and 560 V for the sample; the curve does not hold. Run beads at the sample''s settings.","severity":"reject"},{"code":"INSTRUMENT_DIFFERS","message":"Beads come from instrument V00000001, the sample from E0001. Use beads of the same instrument.","severity":"reject"},{"code":"SPILLOVER_MISSING","message":"The file has no spillover matrix, so nothing was compensated. Instruments with log amplifiers compensate before they digitise.","severity":"note"},{"code":"DOUBLETS_NOT_ASSESSED","message":"The file has no forward-scatter height beside the area, so doublets could not be told from single cells. Record both.","severity":"note"},{"code":"FEW_MONOCYTES","message":"1,547 monocytes, fewer than 3,000. Acquire more events of this tube.","severity":"note"},{"code":"NONPOSITIVE_VALUES","message":"71.1 % of the monocytes have an HLA-DR value of zero or less (limit 2 %), so no geometric mean is given. Check stain and compensation.","severity":"reject"},{"code":"MODELS_DISAGREE","message":"The straight line and the line with a bead background differ by 5.7 % at this number (limit 5 %). Look at the residuals of the beads, measure them again, or sign.","severity":"warn"},{"code":"BELOW_LOWEST_BEAD","message":"3 AB/c is below the lowest bead (474): extrapolated, and autofluorescence weighs more. Check that the sample was stained.","severity":"warn"},{"code":"NO_HLA_DR_STAIN","message":"No HLA-DR-bright lymphocytes, and monocytes at 3 AB/c (limit 600): the HLA-DR antibody is most likely missing. Stain the sample again.","severity":"reject"},{"code":"DRAW_TIME_UNKNOWN","message":"The time of the blood draw was not given; HLA-DR rises in blood that waits, so its age could not be checked.","severity":"note"}],"gating":{"confidence":0.9938277585749807,"gates_sha256":null,"method":"automatic","population":"monocytes","populations":[{"events":19800,"name":"events","parent":null,"percent_of_parent":100.0},{"events":19800,"name":"steady events","parent":"events","percent_of_parent":100.0},{"events":19752,"name":"singlets","parent":"steady events","percent_of_parent":99.75757575757575},{"events":19752,"name":"leukocytes","parent":"singlets","percent_of_parent":100.0},{"events":1555,"name":"monocytes by CD14","parent":"leukocytes","percent_of_parent":7.872620494127177},{"events":1547,"name":"monocytes","parent":"leukocytes","percent_of_parent":7.832118266504658},{"events":1642,"name":"lymphocytes","parent":"leukocytes","percent_of_parent":8.313082219522073}]},"hla_dr":null,"internal_control":{"bright_abc":null,"bright_events":0,"negative_abc":1.3574378890152778,"negative_events":1642},"sample":{"acquired_at":"2026-03-14T13:34:02","cytometer":"FACSCalibur","events":19800,"file":"forgotten-stain.fcs","serial":"E0001","sha256":"3d92c693cfc718a4e80af6e48708f94637eed64f592023c02612430ebf572d92"},"schema":"hladr.result/1","software":{"algorithm":"2","name":"hladr","version":"0.1.0"},"unreleasable":{"abc":null,"abc_median":1.3574378890152778,"ci95":[null,null],"ci95_analysis":[null,null],"fp_ratio":1.0,"interval_terms":{"counting":0.00963949893044622,"curve":0.020687492938354934,"gate":0.001533057728188903,"model":0.057345909389166116,"repeatability":0.032},"mfi":null,"monocytes":1547,"nonpositive_fraction":0.7110536522301228,"not_included":["fp_ratio","bead_values","autofluorescence"],"range":"below","statistic":"geometric_mean"},"verdict":"reject"}', 'reject', '[{"blocks":false,"code":"IDENTITY_UNPROVEN","message":"The file names no specimen; that it is of this subject rests on who sent it.","severity":"note"},{"blocks":false,"code":"CONTEXT_UNKNOWN","message":"Nobody said: tube type, preparation, antibody lot, operator, site, visit.","severity":"note"}]', '2026-11-26T22:46:22.567769Z', 'key:administrator', NULL);
INSERT INTO public.analysis_versions VALUES ('785447a6-a018-497a-9c67-1abc2781c05e', 1, 'outcome', NULL, NULL, NULL, NULL, NULL, NULL, '{"kind":"patient","outcome":"clotted","subject":"ATH-003"}', NULL, NULL, '[]', '2026-11-26T22:46:22.580901Z', 'key:administrator', NULL);
INSERT INTO public.analysis_versions VALUES ('f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 2, 'context', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 1, NULL, NULL, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', 'f694cba133dad493cfe9744ff4cf2a04a369301252c2b6bbda07b005c6ab37ab', '{"drawn_at":"2026-03-14T08:00+02:00","ferritin_ng_ml":"1240","kind":"patient","site":"Athens","study":"fec48d30-2ca3-45e2-9654-50331864de98","subject":"ATH-001","tube_type":"EDTA"}', '{"assay":{"name":"quantibrite-340827","sha256":"b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57","version":"1"},"calibration":{"accepted":true,"beads":{"file":"canto-beads.fcs","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077"},"intercept":-0.13202645470893115,"lot":{"number":"SIM-1","sha256":"0fc6d52ed98e206f55ba7d63829f1940ac857990453b40d41276a091e4c399b8"},"max_residual_percent":0.7555060240319156,"model":"log-log line","peaks":[{"assigned":474.0,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"median":341.44183349609375,"residual_percent":0.4179047107256251},{"assigned":5359.0,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"median":3750.71728515625,"residual_percent":-0.7555060240319156},{"assigned":23843.0,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"median":16622.5400390625,"residual_percent":-0.18075826304149167},{"assigned":62336.0,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"median":43694.9375,"residual_percent":0.5236285079977865}],"r_squared":0.9999922191267935,"slope":0.9947746188823665},"classification":{"class":"immunoparalysis","criterion":{"name":"immunosep-2025","version":"1"},"decisive":false,"ferritin_ng_ml":"1240","probability":0.904},"context":{"drawn_at":"2026-03-14T08:00+02:00","preparation":null,"site":"Athens","stained_at":null,"subject":"ATH-001","tube_type":"EDTA","visit":null},"findings":[{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"},{"code":"FEW_MONOCYTES","message":"1,590 monocytes, fewer than 3,000. Acquire more events of this tube.","severity":"note"},{"code":"CUT_OFF_WITHIN_INTERVAL","message":"5,000 AB/c lies inside the 95 % interval 4,401 to 5,130 of the method with its repeatability. Confirm the gate, or measure again.","severity":"note"},{"code":"STAIN_TIME_UNKNOWN","message":"The time of staining was not given; the age of the blood could not be checked.","severity":"note"}],"gating":{"confidence":0.9787467208282212,"gates_sha256":null,"method":"automatic","population":"monocytes","populations":[{"events":20000,"name":"events","parent":null,"percent_of_parent":100.0},{"events":20000,"name":"steady events","parent":"events","percent_of_parent":100.0},{"events":19635,"name":"singlets","parent":"steady events","percent_of_parent":98.175},{"events":17518,"name":"leukocytes","parent":"singlets","percent_of_parent":89.2182327476445},{"events":1604,"name":"monocytes by CD14","parent":"leukocytes","percent_of_parent":9.156296380865395},{"events":1590,"name":"monocytes","parent":"leukocytes","percent_of_parent":9.076378582029912},{"events":1630,"name":"lymphocytes","parent":"leukocytes","percent_of_parent":9.304715150131294}]},"hla_dr":{"abc":4751.351900339276,"abc_median":4850.068908295761,"ci95":[4400.943641731801,5129.660072623447],"ci95_analysis":[4546.655246027675,4965.264278742332],"fp_ratio":1.0,"interval_terms":{"counting":0.016105378909373157,"curve":0.004797529305144312,"gate":0.009612454629505598,"model":0.011338049751321744,"repeatability":0.032},"mfi":3354.115170967828,"monocytes":1590,"nonpositive_fraction":0.0,"not_included":["fp_ratio","bead_values","autofluorescence"],"range":"within","statistic":"geometric_mean"},"internal_control":{"bright_abc":35593.07538103799,"bright_events":393,"negative_abc":56.86704378308738,"negative_events":1237},"sample":{"acquired_at":"2026-03-14T09:44:30","cytometer":"FACSCantoII","events":20000,"file":"borderline.fcs","serial":"V00000001","sha256":"0c297da852b9fdc35d8d73b0ff567dcde2c3de2589fdb8ecf5f395b11206dc69"},"schema":"hladr.result/1","software":{"algorithm":"2","name":"hladr","version":"0.1.0"},"verdict":"pass"}', 'pass', '[{"blocks":false,"code":"IDENTITY_UNPROVEN","message":"The file names no specimen; that it is of this subject rests on who sent it.","severity":"note"},{"blocks":false,"code":"CONTEXT_UNKNOWN","message":"Nobody said: preparation, antibody lot, operator, visit.","severity":"note"}]', '2026-11-26T22:46:22.615738Z', 'key:administrator', 'the label was read');
INSERT INTO public.analysis_versions VALUES ('f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 3, 'recalculated', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 2, NULL, NULL, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', 'f694cba133dad493cfe9744ff4cf2a04a369301252c2b6bbda07b005c6ab37ab', '{"drawn_at":"2026-03-14T08:00+02:00","ferritin_ng_ml":"1240","kind":"patient","site":"Athens","study":"fec48d30-2ca3-45e2-9654-50331864de98","subject":"ATH-001","tube_type":"EDTA"}', '{"assay":{"name":"quantibrite-340827","sha256":"b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57","version":"1"},"calibration":{"accepted":true,"beads":{"file":"canto-beads.fcs","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077"},"intercept":-0.14058168729571419,"lot":{"number":"SIM-1","sha256":"e21f8add23980e0e9e4299e606ee1487326281eed009ff5d9c6646f92ad693db"},"max_residual_percent":0.7555060240319267,"model":"log-log line","peaks":[{"assigned":483.48,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"median":341.44183349609375,"residual_percent":0.41790471072551405},{"assigned":5466.18,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"median":3750.71728515625,"residual_percent":-0.7555060240319267},{"assigned":24319.86,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"median":16622.5400390625,"residual_percent":-0.1807582630416138},{"assigned":63582.72,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"median":43694.9375,"residual_percent":0.5236285079978975}],"r_squared":0.9999922191267935,"slope":0.9947746188823662},"classification":{"class":"immunoparalysis","criterion":{"name":"immunosep-2025","version":"1"},"decisive":false,"ferritin_ng_ml":"1240","probability":0.787},"context":{"drawn_at":"2026-03-14T08:00+02:00","preparation":null,"site":"Athens","stained_at":null,"subject":"ATH-001","tube_type":"EDTA","visit":null},"findings":[{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"},{"code":"FEW_MONOCYTES","message":"1,590 monocytes, fewer than 3,000. Acquire more events of this tube.","severity":"note"},{"code":"CUT_OFF_WITHIN_INTERVAL","message":"5,000 AB/c lies inside the 95 % interval 4,638 to 5,065 of the analysis of these files. Confirm the gate, or measure again.","severity":"warn"},{"code":"STAIN_TIME_UNKNOWN","message":"The time of staining was not given; the age of the blood could not be checked.","severity":"note"}],"gating":{"confidence":0.9787467208282212,"gates_sha256":null,"method":"automatic","population":"monocytes","populations":[{"events":20000,"name":"events","parent":null,"percent_of_parent":100.0},{"events":20000,"name":"steady events","parent":"events","percent_of_parent":100.0},{"events":19635,"name":"singlets","parent":"steady events","percent_of_parent":98.175},{"events":17518,"name":"leukocytes","parent":"singlets","percent_of_parent":89.2182327476445},{"events":1604,"name":"monocytes by CD14","parent":"leukocytes","percent_of_parent":9.156296380865395},{"events":1590,"name":"monocytes","parent":"leukocytes","percent_of_parent":9.076378582029912},{"events":1630,"name":"lymphocytes","parent":"leukocytes","percent_of_parent":9.304715150131294}]},"hla_dr":{"abc":4846.378938346061,"abc_median":4947.070286461675,"ci95":[4488.962514566421,5232.2532740759325],"ci95_analysis":[4637.588350948226,5064.56956431718],"fp_ratio":1.0,"interval_terms":{"counting":0.016105378909373164,"curve":0.0047975293051443135,"gate":0.009612454629505602,"model":0.011338049751321744,"repeatability":0.032},"mfi":3354.115170967828,"monocytes":1590,"nonpositive_fraction":0.0,"not_included":["fp_ratio","bead_values","autofluorescence"],"range":"within","statistic":"geometric_mean"},"internal_control":{"bright_abc":36304.93688865878,"bright_events":393,"negative_abc":58.004384658749004,"negative_events":1237},"sample":{"acquired_at":"2026-03-14T09:44:30","cytometer":"FACSCantoII","events":20000,"file":"borderline.fcs","serial":"V00000001","sha256":"0c297da852b9fdc35d8d73b0ff567dcde2c3de2589fdb8ecf5f395b11206dc69"},"schema":"hladr.result/1","software":{"algorithm":"2","name":"hladr","version":"0.1.0"},"verdict":"review"}', 'review', '[{"blocks":false,"code":"IDENTITY_UNPROVEN","message":"The file names no specimen; that it is of this subject rests on who sent it.","severity":"note"},{"blocks":false,"code":"CONTEXT_UNKNOWN","message":"Nobody said: preparation, antibody lot, operator, visit.","severity":"note"}]', '2026-11-26T22:46:23.545071Z', 'system', 'a slip');


--
-- Data for Name: answers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: api_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.api_keys VALUES ('e7aaf968-08bf-4057-8a7e-be7d45e8d569', 'da52c6562448467d84166da3d262751d76ce7a5f1ddea93db18db52729f5c0ee', 'hladr_i-bBEQ', 'administrator', '["administer","analyse","manage","quantify","read","recalculate"]', NULL, 6000, 214748364800, '2026-11-26T22:46:22.124637Z', 'system', NULL, '2026-11-26T22:46:22.136022Z', NULL);
INSERT INTO public.api_keys VALUES ('ee03b5a6-2b65-439f-9b52-19d7c2687431', 'e55d14b3f30551d0e0821f2da0bb75dd4a919d9f70cf5c46f7de46ae7be801ac', 'hladr_Fh5NK1', 'reader', '["read"]', NULL, 6000, 214748364800, '2026-11-26T22:46:22.434998Z', 'key:administrator', NULL, NULL, NULL);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES (1, '2026-11-26T22:46:22.124637Z', 'system', 'key.made', 'e7aaf968-08bf-4057-8a7e-be7d45e8d569', '{"expires_at":null,"label":"administrator","prefix":"hladr_i-bBEQ","scopes":["administer","analyse","manage","quantify","read","recalculate"],"site":null}', '0000000000000000000000000000000000000000000000000000000000000000', '707a6c3ed9f4e3d0bcd9ef729025722b3e9c3338b21452bc4e1a087f5cb20de7');
INSERT INTO public.audit VALUES (2, '2026-11-26T22:46:22.243458Z', 'key:administrator', 'user.made', '4a6deab6-4831-4c60-8996-a44ffbc527f8', '{"active":true,"created_at":"2026-11-26T22:46:22.243458Z","full_name":"Anna","id":"4a6deab6-4831-4c60-8996-a44ffbc527f8","name":"anna","roles":"[\"administrator\"]","site":null,"version":1}', '707a6c3ed9f4e3d0bcd9ef729025722b3e9c3338b21452bc4e1a087f5cb20de7', '5fb18f7aa0317187f35b3c1a06d6fc3d332e85bb698f70669986dad2efb323ca');
INSERT INTO public.audit VALUES (3, '2026-11-26T22:46:22.335802Z', 'key:administrator', 'user.made', 'a1647655-aa83-4973-a2ac-1cfc49743d90', '{"active":true,"created_at":"2026-11-26T22:46:22.335802Z","full_name":"Tina","id":"a1647655-aa83-4973-a2ac-1cfc49743d90","name":"tina","roles":"[\"technician\"]","site":null,"version":1}', '5fb18f7aa0317187f35b3c1a06d6fc3d332e85bb698f70669986dad2efb323ca', '0d07df91938c4d380a5d1fae8a767d1d107ba5f8c3834a44f816341914c52c65');
INSERT INTO public.audit VALUES (4, '2026-11-26T22:46:22.426033Z', 'key:administrator', 'user.made', '1f0f18e1-8011-4781-b3af-f0b1ed0d4c49', '{"active":true,"created_at":"2026-11-26T22:46:22.426033Z","full_name":"Rita","id":"1f0f18e1-8011-4781-b3af-f0b1ed0d4c49","name":"rita","roles":"[\"reviewer\"]","site":null,"version":1}', '0d07df91938c4d380a5d1fae8a767d1d107ba5f8c3834a44f816341914c52c65', '05903b8935e198c4d321f78dc982633b05123f051688ba2f286e24ac0565f630');
INSERT INTO public.audit VALUES (5, '2026-11-26T22:46:22.434998Z', 'key:administrator', 'key.made', 'ee03b5a6-2b65-439f-9b52-19d7c2687431', '{"expires_at":null,"label":"reader","prefix":"hladr_Fh5NK1","scopes":["read"],"site":null}', '05903b8935e198c4d321f78dc982633b05123f051688ba2f286e24ac0565f630', 'fc131984cc62022d914c29d8eedac68e515c7da239a24f901dd66694c87bfad5');
INSERT INTO public.audit VALUES (6, '2026-11-26T22:46:22.439975Z', 'key:administrator', 'lot.made', '3342d27f-088c-473a-ae0d-c5e2bce0ed56', '{"reason":null,"sha256":"31180bc3739ef1ac222d0aa67a892f6d67429b7fbff36ea7fc97c6f90d3c114e","version":1}', 'fc131984cc62022d914c29d8eedac68e515c7da239a24f901dd66694c87bfad5', 'f50b26199f29b8e7157f1050cedd16bcd66721abdf6a165919526dacf68ab69e');
INSERT INTO public.audit VALUES (7, '2026-11-26T22:46:22.446587Z', 'key:administrator', 'instrument.made', 'e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', '{"reason":null,"sha256":"3e198a27665b9538d3ff90e2464b2e243849b710223634e0325d9b85225ef360","version":1}', 'f50b26199f29b8e7157f1050cedd16bcd66721abdf6a165919526dacf68ab69e', '8cd4db5d50fc2de69f615bd6c370472c8ddcc0da422116c8b065aa71384b2dd5');
INSERT INTO public.audit VALUES (8, '2026-11-26T22:46:22.465928Z', 'key:administrator', 'calibration.made', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', '{"accepted":true,"curve_sha256":"13cf927a0228e67f89c324999bea496f2a473c8f2e7fff1772cff27781ee8ed2","instrument":["e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c",1],"lot":["3342d27f-088c-473a-ae0d-c5e2bce0ed56",1],"reason":null,"version":1}', '8cd4db5d50fc2de69f615bd6c370472c8ddcc0da422116c8b065aa71384b2dd5', '2e5606a67cc928ef966b93704acdfdafe250df4fd75639feca57dfe0b5ca9aca');
INSERT INTO public.audit VALUES (9, '2026-11-26T22:46:22.479981Z', 'key:administrator', 'study.made', 'fec48d30-2ca3-45e2-9654-50331864de98', '{"name":"IMMUNO"}', '2e5606a67cc928ef966b93704acdfdafe250df4fd75639feca57dfe0b5ca9aca', 'cb5a7f6ec0b63f30137ac3b56bc04b7acd7112ac292e2726fe2f38921f341a8e');
INSERT INTO public.audit VALUES (10, '2026-11-26T22:46:22.524508Z', 'key:administrator', 'analysis.analysed', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"calibration":["7aea9e82-0ba3-44ca-adcb-3e608b4445d7",1],"cause":"analysed","gates_sha256":null,"reason":null,"result_sha256":"939bc8b959ecef3e760f5cfae6e63e4c9c4ff5a1d406ee94abdbed378bea1ef6","tube_sha256":"ef5119389029aebea608d1afb4819fc61639e1c86a144754628ad8bc3c1d934e","version":1}', 'cb5a7f6ec0b63f30137ac3b56bc04b7acd7112ac292e2726fe2f38921f341a8e', '0f4d3a251da0d228a47ff507d1df5077c3c3e35f2023a3871ec3ea909bfeb14e');
INSERT INTO public.audit VALUES (11, '2026-11-26T22:46:22.567769Z', 'key:administrator', 'analysis.analysed', '9216d2b5-8cba-47db-9f6c-23809cb77d4f', '{"calibration":["7aea9e82-0ba3-44ca-adcb-3e608b4445d7",1],"cause":"analysed","gates_sha256":null,"reason":null,"result_sha256":"0a6db73ce550393f22361900a14dd4d2d3ab58f3859fdf9a71d7c7f9171fe4cc","tube_sha256":"1fa4ce4e68179d13a3637dd441201bf167f130c41a76c9cf5b5a257179b688ba","version":1}', '0f4d3a251da0d228a47ff507d1df5077c3c3e35f2023a3871ec3ea909bfeb14e', 'c8b24474e9d2bad30be72fcd085d6942b355ddfc86b662bf901d675e94e956a8');
INSERT INTO public.audit VALUES (12, '2026-11-26T22:46:22.580901Z', 'key:administrator', 'analysis.outcome', '785447a6-a018-497a-9c67-1abc2781c05e', '{"calibration":null,"cause":"outcome","gates_sha256":null,"reason":null,"result_sha256":null,"tube_sha256":"cdc4d5c3457c86328a3cabac687704c29d7d9f6e9fd0ae6df277247db637dc0a","version":1}', 'c8b24474e9d2bad30be72fcd085d6942b355ddfc86b662bf901d675e94e956a8', '3b8924343b2eb01c41d26a02261500ed1d9f20c7f9600b097f924ef7b62b4858');
INSERT INTO public.audit VALUES (13, '2026-11-26T22:46:22.588639Z', 'key:administrator', 'subject.randomised', 'fec48d30-2ca3-45e2-9654-50331864de98', '{"randomised_at":"2026-03-15T06:00:00.000000Z","subject":"ATH-001"}', '3b8924343b2eb01c41d26a02261500ed1d9f20c7f9600b097f924ef7b62b4858', 'edefa7e10f06feeb7daf42a9c58421620f7da8bd52e5e73779722224f6d56d0f');
INSERT INTO public.audit VALUES (14, '2026-11-26T22:46:22.615738Z', 'key:administrator', 'analysis.context', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"calibration":["7aea9e82-0ba3-44ca-adcb-3e608b4445d7",1],"cause":"context","gates_sha256":null,"reason":"the label was read","result_sha256":"a664677672fbf11b16c8ce064073c8c5510b7e0d24116cd23affa541a8aefaf0","tube_sha256":"c9faaf4e27d0188147aafbe6949a43cc7caad9b8dd3ef682fc2691df6faa6416","version":2}', 'edefa7e10f06feeb7daf42a9c58421620f7da8bd52e5e73779722224f6d56d0f', 'f9b4e264e7b74254a117f4d05d3aea1886a5c4d3c7d7ee0047c677b4fd0fe39e');
INSERT INTO public.audit VALUES (15, '2026-11-26T22:46:22.711849Z', 'key:administrator', 'analysis.signed', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"comment":"looked at","meaning":"performed","user":"tina","version":2}', 'f9b4e264e7b74254a117f4d05d3aea1886a5c4d3c7d7ee0047c677b4fd0fe39e', '58d0195e8fc02458096559f8d3f2becc3d7e855ada99d9b934f72f9706177084');
INSERT INTO public.audit VALUES (16, '2026-11-26T22:46:22.818330Z', 'key:administrator', 'analysis.signed', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"comment":"looked at","meaning":"reviewed","user":"rita","version":2}', '58d0195e8fc02458096559f8d3f2becc3d7e855ada99d9b934f72f9706177084', '58a0edbd21f2eea49722db6d860ca301ed8997c17a5e7bb260f873b8586d9742');
INSERT INTO public.audit VALUES (17, '2026-11-26T22:46:22.932350Z', 'key:administrator', 'analysis.signed', '9216d2b5-8cba-47db-9f6c-23809cb77d4f', '{"comment":"no stain","meaning":"rejected","user":"tina","version":1}', '58a0edbd21f2eea49722db6d860ca301ed8997c17a5e7bb260f873b8586d9742', '8b7ab117528f57e4f1764bb1a257f365374c53219e2c7421de6039ccd6c94e7d');
INSERT INTO public.audit VALUES (18, '2026-11-26T22:46:22.945547Z', 'key:administrator', 'analysis.told', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"read_back":true,"told":"ward 3","told_at":"2026-03-14T10:00:00.000000Z","version":2}', '8b7ab117528f57e4f1764bb1a257f365374c53219e2c7421de6039ccd6c94e7d', 'e0a7c892a35ad4fd45a3be23590efda1e399f251a57ad431db6cd52274de8561');
INSERT INTO public.audit VALUES (19, '2026-11-26T22:46:22.957199Z', 'key:administrator', 'lot.changed', '3342d27f-088c-473a-ae0d-c5e2bce0ed56', '{"reason":"another flyer","sha256":"b9406e603124b329e4c3fe5a0808f8e393b8db657e02f66e90b1615330858cbc","version":2}', 'e0a7c892a35ad4fd45a3be23590efda1e399f251a57ad431db6cd52274de8561', '273e7a0607d86ee42094221b4263b4d553e74c2e92fdf6a02335db0f44390bc0');
INSERT INTO public.audit VALUES (20, '2026-11-26T22:46:22.967248Z', 'key:administrator', 'recalculation.begun', '112b1e1b-f1dd-4af1-a22d-8a4b540d9bc3', '{"items":1,"reason":"a slip","wanted":{"everything":false,"lot_id":"3342d27f-088c-473a-ae0d-c5e2bce0ed56","reason":"a slip"}}', '273e7a0607d86ee42094221b4263b4d553e74c2e92fdf6a02335db0f44390bc0', 'ca0969d3b838c8b8aa69b2d98d8fc749a43da39211fbd0b798da6d9f75839943');
INSERT INTO public.audit VALUES (21, '2026-11-26T22:46:23.545071Z', 'system', 'calibration.changed', '7aea9e82-0ba3-44ca-adcb-3e608b4445d7', '{"accepted":true,"curve_sha256":"c83689c15ee1a0a57ec6b5e68b85113ffc62bf0e448f39203b1d839d7113402a","instrument":["e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c",1],"lot":["3342d27f-088c-473a-ae0d-c5e2bce0ed56",2],"reason":"a slip","version":2}', 'ca0969d3b838c8b8aa69b2d98d8fc749a43da39211fbd0b798da6d9f75839943', 'cd75e5fc70b24641b301bcec5dd06ed27e07c348f1defbb2f50d9255ba509203');
INSERT INTO public.audit VALUES (22, '2026-11-26T22:46:23.545071Z', 'system', 'analysis.recalculated', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', '{"calibration":["7aea9e82-0ba3-44ca-adcb-3e608b4445d7",2],"cause":"recalculated","gates_sha256":null,"reason":"a slip","result_sha256":"81eac9af5340594384d0e4e5a490b5ee7614c8da7361410965d510592e80fa8d","tube_sha256":"c9faaf4e27d0188147aafbe6949a43cc7caad9b8dd3ef682fc2691df6faa6416","version":3}', 'cd75e5fc70b24641b301bcec5dd06ed27e07c348f1defbb2f50d9255ba509203', '71090e073e0b2794b7eef89991917c8703b0a49e2772e14f9bda07fe3ec2a2c5');
INSERT INTO public.audit VALUES (23, '2026-11-26T22:46:23.545071Z', 'system', 'recalculation.item', '112b1e1b-f1dd-4af1-a22d-8a4b540d9bc3', '{"analysis":"f2651933-5e9d-46b9-a02b-71a34b0dbd5d","code":null,"place":0,"state":"done","version":3}', '71090e073e0b2794b7eef89991917c8703b0a49e2772e14f9bda07fe3ec2a2c5', '0614a717550efef84201195e000c1a063e9927983e09c80a3bfa0d0a3ccf6482');


--
-- Data for Name: audit_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_head VALUES (1, 23, '0614a717550efef84201195e000c1a063e9927983e09c80a3bfa0d0a3ccf6482');


--
-- Data for Name: bytes_received; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.bytes_received VALUES ('e7aaf968-08bf-4057-8a7e-be7d45e8d569', '2026-11-26', 928536);


--
-- Data for Name: calibration_versions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.calibration_versions VALUES ('7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 1, '3342d27f-088c-473a-ae0d-c5e2bce0ed56', 1, 'e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', 1, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', '2', '{"accepted":true,"background":{"intercept":-0.1594808327864845,"molecules":14.246897041797638,"slope":1.0009010830085447},"findings":[{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"}],"fit_dof":2.0,"fit_sd":0.004,"intercept":-0.13202645470893115,"lot":{"assigned":[474.0,5359.0,23843.0,62336.0],"maker":"nobody","number":"SIM-1","product":"beads","sha256":"0fc6d52ed98e206f55ba7d63829f1940ac857990453b40d41276a091e4c399b8","unit":"PE molecules"},"max_residual_percent":0.7555060240319156,"model":"log-log line","peaks":[{"assigned":474.0,"cut_below":false,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"high":618.0219050487017,"low":187.12825376361718,"median":341.44183349609375,"overlap":5.551115123125783e-17,"residual_percent":0.4179047107256251,"saturated_fraction":0.0,"standard_error":0.00584492233583346},{"assigned":5359.0,"cut_below":false,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"high":4839.794595147358,"low":2909.1302787749282,"median":3750.71728515625,"overlap":5.551115123125783e-17,"residual_percent":-0.7555060240319156,"saturated_fraction":0.0,"standard_error":0.002243749396613215},{"assigned":23843.0,"cut_below":false,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"high":20139.737318439657,"low":13781.772381922548,"median":16622.5400390625,"overlap":1.6486811915683575e-14,"residual_percent":-0.18075826304149167,"saturated_fraction":0.0,"standard_error":0.0017983213917247137},{"assigned":62336.0,"cut_below":false,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"high":52836.27552891868,"low":36049.287758395796,"median":43694.9375,"overlap":1.6486811915683575e-14,"residual_percent":0.5236285079977865,"saturated_fraction":0.0,"standard_error":0.0016290146784152888}],"provenance":{"acquired_at":"2026-03-14T09:05:41","compensated":false,"cytometer":"FACSCantoII","detector":"PE-A","file":"canto-beads.fcs","gain":1.0,"log_decades":0.0,"marker":"HLA-DR","range":262144.0,"serial":"V00000001","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077","voltage":410.0},"r_squared":0.9999922191267935,"residual_sd":0.00313707917843861,"schema":"hladr.curve/1","slope":0.9947746188823665}', '13cf927a0228e67f89c324999bea496f2a473c8f2e7fff1772cff27781ee8ed2', true, '[]', '2026-11-26T22:46:22.465928Z', 'key:administrator', NULL);
INSERT INTO public.calibration_versions VALUES ('7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 2, '3342d27f-088c-473a-ae0d-c5e2bce0ed56', 2, 'e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', 1, 'b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', '2', '{"accepted":true,"background":{"intercept":-0.16808875401704748,"molecules":14.53183498263359,"slope":1.0009010830085447},"findings":[{"code":"LOT_EXPIRY_UNKNOWN","message":"The lot''s expiry is not known, so it could not be checked that the lot was in date.","severity":"note"}],"fit_dof":2.0,"fit_sd":0.004,"intercept":-0.14058168729571419,"lot":{"assigned":[483.48,5466.18,24319.86,63582.72],"maker":"nobody","number":"SIM-1","product":"beads","sha256":"e21f8add23980e0e9e4299e606ee1487326281eed009ff5d9c6646f92ad693db","unit":"PE molecules"},"max_residual_percent":0.7555060240319267,"model":"log-log line","peaks":[{"assigned":483.48,"cut_below":false,"cv_percent":19.854495334093333,"events":1163,"geometric_mean":340.07258031106767,"high":618.0219050487017,"low":187.12825376361718,"median":341.44183349609375,"overlap":5.551115123125783e-17,"residual_percent":0.41790471072551405,"saturated_fraction":0.0,"standard_error":0.00584492233583346},{"assigned":5466.18,"cut_below":false,"cv_percent":8.463572916631536,"events":1467,"geometric_mean":3752.2783745072056,"high":4839.794595147358,"low":2909.1302787749282,"median":3750.71728515625,"overlap":5.551115123125783e-17,"residual_percent":-0.7555060240319267,"saturated_fraction":0.0,"standard_error":0.002243749396613215},{"assigned":24319.86,"cut_below":false,"cv_percent":6.314106004393692,"events":1272,"geometric_mean":16660.170333896545,"high":20139.737318439657,"low":13781.772381922548,"median":16622.5400390625,"overlap":1.6486811915683575e-14,"residual_percent":-0.1807582630416138,"saturated_fraction":0.0,"standard_error":0.0017983213917247137},{"assigned":63582.72,"cut_below":false,"cv_percent":6.349676191940092,"events":1561,"geometric_mean":43642.984552203525,"high":52836.27552891868,"low":36049.287758395796,"median":43694.9375,"overlap":1.6486811915683575e-14,"residual_percent":0.5236285079978975,"saturated_fraction":0.0,"standard_error":0.0016290146784152888}],"provenance":{"acquired_at":"2026-03-14T09:05:41","compensated":false,"cytometer":"FACSCantoII","detector":"PE-A","file":"canto-beads.fcs","gain":1.0,"log_decades":0.0,"marker":"HLA-DR","range":262144.0,"serial":"V00000001","sha256":"fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077","voltage":410.0},"r_squared":0.9999922191267935,"residual_sd":0.0031370791784385062,"schema":"hladr.curve/1","slope":0.9947746188823662}', 'c83689c15ee1a0a57ec6b5e68b85113ffc62bf0e448f39203b1d839d7113402a', true, '[]', '2026-11-26T22:46:23.545071Z', 'system', 'a slip');


--
-- Data for Name: calibrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.calibrations VALUES ('7aea9e82-0ba3-44ca-adcb-3e608b4445d7', 2, 'fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077', 'canto-beads.fcs', '3342d27f-088c-473a-ae0d-c5e2bce0ed56', 'e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', '2026-11-26T22:46:22.465928Z', 'key:administrator');


--
-- Data for Name: definitions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.definitions VALUES ('b50a18234778b2ea440607fb32e4aeeed82529b8ef548df99071285b2e91bf57', 'assay', 'quantibrite-340827', '1', '# Assay definition: monocyte HLA-DR with BD Quantibrite Anti-HLA-DR/Anti-Monocyte (340827)
# and Quantibrite PE beads (340495). Everything the number depends on, apart from the files and the lot.

schema = "hladr.assay/1"
name = "quantibrite-340827"
version = "1"
title = "Monocyte HLA-DR, Quantibrite Anti-HLA-DR PE / Anti-Monocyte PerCP-Cy5.5"
criterion = "immunosep-2025"

[source]
procedure = "Published Quantibrite methods chapter; Döcke et al., Clin Chem 2005;51:2341-2347, doi:10.1373/clinchem.2005.052639"
reagent = "BD 340827: anti-HLA-DR PE (L243, 1:1 conjugate) with anti-CD14 PerCP-Cy5.5"
beads = "BD 340495: Quantibrite PE, four levels"

# A channel is looked for by marker ($PnS, or $PnN where the instrument writes the marker there),
# then by dye, then by the detector names of the instruments. Two that match are refused.
[channels.hla_dr]
markers = ["HLA-DR", "HLADR", "DR"]
dyes = ["PE", "R-PE", "Phycoerythrin"]
detectors = ["FL2", "BL2", "YL1", "YG1", "B2"]

[channels.cd14]
markers = ["CD14", "Mono", "Anti-Mono", "Anti-Monocyte", "CD64/CD14", "CD14/CD64"]
dyes = ["PerCP-Cy5.5", "PerCP-Cyanine5.5", "PerCP", "PC5.5"]
detectors = ["FL3", "BL3", "B3"]

[channels.cd45]
optional = true
markers = ["CD45"]
dyes = []
detectors = []

[channels.fsc]
detectors = ["FSC", "FS", "FS INT", "FSC 488/10"]

[channels.ssc]
detectors = ["SSC", "SS", "SS INT", "SSC 488/10"]

[gating]
strategy = "monocytes-cd14-ssc"
purity = 0.50                 # least share of monocytes at the edge of the gate

[quantity]
statistic = "geometric_mean"  # or "median"; the other one always stands beside it
fp_ratio = 1.0                # PE molecules per antibody of the 1:1 conjugate

# Relative standard uncertainties that the files cannot tell. A term left out is listed as not included.
[interval]
repeatability = 0.032         # Demaret et al., Cytometry B 2013;84B:59-62: intra-assay CV 1.9-3.2 %
# fp_ratio = 0.0x             # of the conjugate, when the maker states it
# bead_values = 0.0x          # of the assigned values, when the maker states it

[limits.events]
monocytes_note = 3000         # published Quantibrite procedure
monocytes_warn = 1000
monocytes_reject = 300

[limits.values]
nonpositive_warn = 0.005      # share of monocytes without a logarithm
nonpositive_reject = 0.02
saturated_reject = 0.01       # share of monocytes at the detector''s top
statistics_disagree = 0.10    # geometric mean against median
models_disagree_warn = 0.05   # at the monocytes'' HLA-DR: the line against the line with a bead background
cd14_at_top_warn = 0.05       # share of monocytes at the top of the CD14 detector

[limits.settings]
voltage_tolerance = 0.05      # volts: what rounding in the file may cost
gain_tolerance = 0.0005       # relative
bead_age_hours = 12

[limits.compensation]         # shares of a dye''s signal
residual_warn = 0.01          # PE left in CD14, as the HLA-DR-bright lymphocytes or the beads show
effect_warn = 0.04            # of CD14 left in PE, as the granulocytes show, on the number
matrices_differ_warn = 0.005  # between the matrices of beads and sample

[limits.drift]                # relative change while the tube is measured
beads_warn = 0.03
beads_reject = 0.10
sample_warn = 0.10
step_warn = 0.02              # how far a stretch unlike the rest may move the mean

[limits.gate]
confidence_warn = 0.90
classical_warn = 0.60         # share of classical monocytes among the gated
cd14_spread_warn = 0.55       # natural log of CD14 of the classical monocytes
boundary_shift_warn = 0.05    # AB/c may move by this much when the boundary moves by 10 %

[limits.internal_control]
bright_least = 10000           # AB/c: the peak of the B cells; activated T cells are dimmer
absent_reject_below = 600     # AB/c: no bright cluster and less than this is a forgotten stain
bright = [22000, 120000]      # AB/c of their peak: half the antibody reads 13,000 to 22,000 on simulated
                              # blood, all of it 21,000 and more; enter the laboratory''s own range
# negative = [0, 1500]

[limits.curve]
residual_warn = 3.0           # percent, largest back-calculated
residual_reject = 5.0
slope_warn = [0.95, 1.05]
slope_reject = [0.90, 1.10]
log_slope_warn = [0.90, 1.10] # log amplifiers
log_slope_reject = [0.85, 1.15]
');
INSERT INTO public.definitions VALUES ('f694cba133dad493cfe9744ff4cf2a04a369301252c2b6bbda07b005c6ab37ab', 'criterion', 'immunosep-2025', '1', '# ImmunoSep: precision immunotherapy in sepsis. Which arm''s biology a patient shows.

schema = "hladr.criterion/1"
name = "immunosep-2025"
version = "1"
title = "ImmunoSep: MALS by ferritin, sepsis-induced immunoparalysis by HLA-DR"

notes = [
  "Research classification; not advice on treatment.",
  "MALS takes precedence: a patient with both findings counts as hyper-inflamed (registry NCT04990232).",
  "Ferritin above 4420 ng/mL also goes with haematologic malignancy: 33.3 % against 5.1 % in ICU pneumonia (doi:10.1097/CCM.0000000000005072).",
  "A single early HLA-DR value predicts little; serial values say more.",
]

[source]
citation = "Giamarellos-Bourboulis EJ, Kotsaki A, Kotsamidi I, et al. Precision Immunotherapy to Improve Sepsis Outcomes: The ImmunoSep Randomized Clinical Trial. JAMA 2026;335(9):775-786 (published online 2025-12-08)"
doi = "10.1001/jama.2025.24175"
pmid = "41359996"
registry = "NCT04990232; EudraCT 2020-005768-74"

# In order of precedence: the first class whose cut-offs are all met. ng/mL and AB/c.

[[class]]
name = "MALS"
label = "macrophage activation-like syndrome (MALS)"
certainty = "stated"
when = [{ quantity = "ferritin", above = 4420 }]

[[class]]
name = "immunoparalysis"
label = "sepsis-induced immunoparalysis"
certainty = "stated"
when = [
  { quantity = "ferritin", at_or_below = 4420 },
  { quantity = "abc", below = 5000 },
]

[[class]]
name = "unclassified"
label = "unclassified"
certainty = "second-hand"

# Restored immunity is judged by other numbers than entry, and by the class at entry.

[[restoration]]
entry_class = "MALS"
certainty = "second-hand"
source = "ImmunoSep protocol and statistical analysis plan; the 15 % come from Kyriazopoulou et al., BMC Med 2017, doi:10.1186/s12916-017-0930-5"
when = [{ quantity = "ferritin_fall", at_or_above = 0.15 }] # fraction of the value at entry

[[restoration]]
entry_class = "immunoparalysis"
certainty = "second-hand"
source = "ImmunoSep protocol and statistical analysis plan; one passage names the HLA-DR part alone"
when = [
  { quantity = "abc", above = 8000 },
  { quantity = "ferritin", below = 4420 },
]
');


--
-- Data for Name: files; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.files VALUES ('fe8df281e7680260ed732ad15cca4e73c853fa85be3fa8e44bba5eb0052b3077', 168982, '2026-11-26T22:46:22.465928Z');
INSERT INTO public.files VALUES ('0c297da852b9fdc35d8d73b0ff567dcde2c3de2589fdb8ecf5f395b11206dc69', 560982, '2026-11-26T22:46:22.524508Z');
INSERT INTO public.files VALUES ('3d92c693cfc718a4e80af6e48708f94637eed64f592023c02612430ebf572d92', 198572, '2026-11-26T22:46:22.567769Z');


--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: instrument_versions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.instrument_versions VALUES ('e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', 1, '{"cytometer":null,"name":"Canto 1","note":null,"preparation":null,"serial":null,"site":null}', '3e198a27665b9538d3ff90e2464b2e243849b710223634e0325d9b85225ef360', '2026-11-26T22:46:22.446587Z', 'key:administrator', NULL);


--
-- Data for Name: instruments; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.instruments VALUES ('e54c770d-9f7b-4b0e-8eaf-c5a3b2fcda7c', 1, 'Canto 1', '2026-11-26T22:46:22.446587Z', 'key:administrator');


--
-- Data for Name: lot_versions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lot_versions VALUES ('3342d27f-088c-473a-ae0d-c5e2bce0ed56', 1, '{"assigned":[474.0,5359.0,23843.0,62336.0],"expires":null,"maker":"nobody","number":"SIM-1","product":"beads","unit":"PE molecules"}', '31180bc3739ef1ac222d0aa67a892f6d67429b7fbff36ea7fc97c6f90d3c114e', '2026-11-26T22:46:22.439975Z', 'key:administrator', NULL);
INSERT INTO public.lot_versions VALUES ('3342d27f-088c-473a-ae0d-c5e2bce0ed56', 2, '{"assigned":[483.48,5466.18,24319.86,63582.72],"expires":null,"maker":"nobody","number":"SIM-1","product":"beads","unit":"PE molecules"}', 'b9406e603124b329e4c3fe5a0808f8e393b8db657e02f66e90b1615330858cbc', '2026-11-26T22:46:22.957199Z', 'key:administrator', 'another flyer');


--
-- Data for Name: lots; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lots VALUES ('3342d27f-088c-473a-ae0d-c5e2bce0ed56', 2, 'nobody · beads · SIM-1', '2026-11-26T22:46:22.439975Z', 'key:administrator');


--
-- Data for Name: notices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notices VALUES ('4a051603-9b8a-49d6-a7ff-d1c6f1d6ff8b', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 2, 'ward 3', '2026-03-14T10:00:00.000000Z', true, 'key:administrator');


--
-- Data for Name: randomisations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.randomisations VALUES ('fec48d30-2ca3-45e2-9654-50331864de98', 'ATH-001', '2026-03-15T06:00:00.000000Z', 'key:administrator');


--
-- Data for Name: recalculation_items; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.recalculation_items VALUES ('112b1e1b-f1dd-4af1-a22d-8a4b540d9bc3', 0, 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 'done', NULL, NULL, 1, 2, 3, NULL, NULL);


--
-- Data for Name: recalculations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.recalculations VALUES ('112b1e1b-f1dd-4af1-a22d-8a4b540d9bc3', 'a slip', '{"everything":false,"lot_id":"3342d27f-088c-473a-ae0d-c5e2bce0ed56","reason":"a slip"}', '2026-11-26T22:46:22.967248Z', 'key:administrator', '2026-11-26T22:46:23.545071Z');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: signatures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signatures VALUES ('2fe504de-2fa4-43b0-a27c-61ea5fc24e68', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 2, 'performed', 'a1647655-aa83-4973-a2ac-1cfc49743d90', 'tina', 'Tina', '2026-11-26T22:46:22.711849Z', 'looked at');
INSERT INTO public.signatures VALUES ('dc94bd47-a5d4-47b1-938a-75fa7f03c509', 'f2651933-5e9d-46b9-a02b-71a34b0dbd5d', 2, 'reviewed', '1f0f18e1-8011-4781-b3af-f0b1ed0d4c49', 'rita', 'Rita', '2026-11-26T22:46:22.818330Z', 'looked at');
INSERT INTO public.signatures VALUES ('cfa16021-aad3-42ff-956b-96eaac8923fd', '9216d2b5-8cba-47db-9f6c-23809cb77d4f', 1, 'rejected', 'a1647655-aa83-4973-a2ac-1cfc49743d90', 'tina', 'Tina', '2026-11-26T22:46:22.932350Z', 'no stain');


--
-- Data for Name: studies; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.studies VALUES ('fec48d30-2ca3-45e2-9654-50331864de98', 'IMMUNO', '2026-11-26T22:46:22.479981Z', 'key:administrator', NULL, NULL);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('4a6deab6-4831-4c60-8996-a44ffbc527f8', 'anna', 'Anna', '$argon2id$v=19$m=65536,t=3,p=4$UQm169AbgercXGRgRoN8pw$WxULEWFfR2Xt9tk6xFIr2NlbVrjLSfVtv8PMq4KhE9w', '["administrator"]', NULL, true, 1, '2026-11-26T22:46:22.243458Z');
INSERT INTO public.users VALUES ('a1647655-aa83-4973-a2ac-1cfc49743d90', 'tina', 'Tina', '$argon2id$v=19$m=65536,t=3,p=4$4vNcPrIKhrNg2H5kBTh5tA$3E8tJNOvgolCHgR4WiT4CMZNhNd3Ib+wDHPMP/BY264', '["technician"]', NULL, true, 1, '2026-11-26T22:46:22.335802Z');
INSERT INTO public.users VALUES ('1f0f18e1-8011-4781-b3af-f0b1ed0d4c49', 'rita', 'Rita', '$argon2id$v=19$m=65536,t=3,p=4$N30AAhz9JTJ/Mo6Hz9c81A$dqEva9BbOccL9klfMGvABkUKrojuS6atTdw3W457AqA', '["reviewer"]', NULL, true, 1, '2026-11-26T22:46:22.426033Z');


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: analyses pk_analyses; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT pk_analyses PRIMARY KEY (id);


--
-- Name: analysis_versions pk_analysis_versions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT pk_analysis_versions PRIMARY KEY (id, version);


--
-- Name: answers pk_answers; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT pk_answers PRIMARY KEY (id);


--
-- Name: api_keys pk_api_keys; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (id);


--
-- Name: audit pk_audit; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (seq);


--
-- Name: audit_head pk_audit_head; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT pk_audit_head PRIMARY KEY (id);


--
-- Name: bytes_received pk_bytes_received; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bytes_received
    ADD CONSTRAINT pk_bytes_received PRIMARY KEY (principal_id, day);


--
-- Name: calibration_versions pk_calibration_versions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibration_versions
    ADD CONSTRAINT pk_calibration_versions PRIMARY KEY (id, version);


--
-- Name: calibrations pk_calibrations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT pk_calibrations PRIMARY KEY (id);


--
-- Name: definitions pk_definitions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT pk_definitions PRIMARY KEY (sha256);


--
-- Name: files pk_files; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.files
    ADD CONSTRAINT pk_files PRIMARY KEY (sha256);


--
-- Name: idempotency pk_idempotency; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT pk_idempotency PRIMARY KEY (principal_id, key);


--
-- Name: instrument_versions pk_instrument_versions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.instrument_versions
    ADD CONSTRAINT pk_instrument_versions PRIMARY KEY (id, version);


--
-- Name: instruments pk_instruments; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT pk_instruments PRIMARY KEY (id);


--
-- Name: lot_versions pk_lot_versions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lot_versions
    ADD CONSTRAINT pk_lot_versions PRIMARY KEY (id, version);


--
-- Name: lots pk_lots; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT pk_lots PRIMARY KEY (id);


--
-- Name: notices pk_notices; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (id);


--
-- Name: randomisations pk_randomisations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.randomisations
    ADD CONSTRAINT pk_randomisations PRIMARY KEY (study_id, subject);


--
-- Name: recalculation_items pk_recalculation_items; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recalculation_items
    ADD CONSTRAINT pk_recalculation_items PRIMARY KEY (recalculation_id, place);


--
-- Name: recalculations pk_recalculations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recalculations
    ADD CONSTRAINT pk_recalculations PRIMARY KEY (id);


--
-- Name: sessions pk_sessions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (token_sha256);


--
-- Name: signatures pk_signatures; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT pk_signatures PRIMARY KEY (id);


--
-- Name: studies pk_studies; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.studies
    ADD CONSTRAINT pk_studies PRIMARY KEY (id);


--
-- Name: users pk_users; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);


--
-- Name: answers uq_answers_analysis_id; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT uq_answers_analysis_id UNIQUE (analysis_id, analysis_version, finding);


--
-- Name: api_keys uq_api_keys_secret_sha256; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_secret_sha256 UNIQUE (secret_sha256);


--
-- Name: instruments uq_instruments_label; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT uq_instruments_label UNIQUE (label);


--
-- Name: lots uq_lots_label; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT uq_lots_label UNIQUE (label);


--
-- Name: recalculation_items uq_recalculation_items_recalculation_id; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recalculation_items
    ADD CONSTRAINT uq_recalculation_items_recalculation_id UNIQUE (recalculation_id, analysis_id);


--
-- Name: signatures uq_signatures_analysis_id; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT uq_signatures_analysis_id UNIQUE (analysis_id, analysis_version, meaning);


--
-- Name: studies uq_studies_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.studies
    ADD CONSTRAINT uq_studies_name UNIQUE (name);


--
-- Name: users uq_users_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT uq_users_name UNIQUE (name);


--
-- Name: ix_analyses_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_analyses_created_at ON public.analyses USING btree (created_at, id);


--
-- Name: ix_analyses_file_sha256; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_analyses_file_sha256 ON public.analyses USING btree (file_sha256);


--
-- Name: ix_analyses_related_to; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_analyses_related_to ON public.analyses USING btree (related_to);


--
-- Name: ix_analyses_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_analyses_subject ON public.analyses USING btree (subject, created_at);


--
-- Name: ix_calibrations_instrument_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_calibrations_instrument_id ON public.calibrations USING btree (instrument_id);


--
-- Name: ix_calibrations_lot_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_calibrations_lot_id ON public.calibrations USING btree (lot_id);


--
-- Name: ix_notices_analysis_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_notices_analysis_id ON public.notices USING btree (analysis_id);


--
-- Name: ix_recalculation_items_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_recalculation_items_state ON public.recalculation_items USING btree (state, lease_until);


--
-- Name: analysis_versions analysis_versions_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER analysis_versions_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.analysis_versions FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: answers answers_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER answers_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.answers FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: audit audit_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: calibration_versions calibration_versions_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER calibration_versions_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.calibration_versions FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: definitions definitions_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER definitions_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.definitions FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: instrument_versions instrument_versions_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER instrument_versions_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.instrument_versions FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: lot_versions lot_versions_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER lot_versions_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.lot_versions FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: notices notices_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER notices_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.notices FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: signatures signatures_no_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER signatures_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION public.hladr_refuse();


--
-- Name: analyses fk_analyses_file_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT fk_analyses_file_sha256 FOREIGN KEY (file_sha256) REFERENCES public.files(sha256);


--
-- Name: analyses fk_analyses_related_to; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT fk_analyses_related_to FOREIGN KEY (related_to) REFERENCES public.analyses(id);


--
-- Name: analyses fk_analyses_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analyses
    ADD CONSTRAINT fk_analyses_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: analysis_versions fk_analysis_versions_assay_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT fk_analysis_versions_assay_sha256 FOREIGN KEY (assay_sha256) REFERENCES public.definitions(sha256);


--
-- Name: analysis_versions fk_analysis_versions_calibration_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT fk_analysis_versions_calibration_id FOREIGN KEY (calibration_id, calibration_version) REFERENCES public.calibration_versions(id, version);


--
-- Name: analysis_versions fk_analysis_versions_criterion_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT fk_analysis_versions_criterion_sha256 FOREIGN KEY (criterion_sha256) REFERENCES public.definitions(sha256);


--
-- Name: analysis_versions fk_analysis_versions_gates_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT fk_analysis_versions_gates_sha256 FOREIGN KEY (gates_sha256) REFERENCES public.files(sha256);


--
-- Name: analysis_versions fk_analysis_versions_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.analysis_versions
    ADD CONSTRAINT fk_analysis_versions_id FOREIGN KEY (id) REFERENCES public.analyses(id);


--
-- Name: answers fk_answers_analysis_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT fk_answers_analysis_id FOREIGN KEY (analysis_id, analysis_version) REFERENCES public.analysis_versions(id, version);


--
-- Name: calibration_versions fk_calibration_versions_assay_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibration_versions
    ADD CONSTRAINT fk_calibration_versions_assay_sha256 FOREIGN KEY (assay_sha256) REFERENCES public.definitions(sha256);


--
-- Name: calibration_versions fk_calibration_versions_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibration_versions
    ADD CONSTRAINT fk_calibration_versions_id FOREIGN KEY (id) REFERENCES public.calibrations(id);


--
-- Name: calibration_versions fk_calibration_versions_instrument_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibration_versions
    ADD CONSTRAINT fk_calibration_versions_instrument_id FOREIGN KEY (instrument_id, instrument_version) REFERENCES public.instrument_versions(id, version);


--
-- Name: calibration_versions fk_calibration_versions_lot_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibration_versions
    ADD CONSTRAINT fk_calibration_versions_lot_id FOREIGN KEY (lot_id, lot_version) REFERENCES public.lot_versions(id, version);


--
-- Name: calibrations fk_calibrations_file_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT fk_calibrations_file_sha256 FOREIGN KEY (file_sha256) REFERENCES public.files(sha256);


--
-- Name: calibrations fk_calibrations_instrument_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT fk_calibrations_instrument_id FOREIGN KEY (instrument_id) REFERENCES public.instruments(id);


--
-- Name: calibrations fk_calibrations_lot_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT fk_calibrations_lot_id FOREIGN KEY (lot_id) REFERENCES public.lots(id);


--
-- Name: instrument_versions fk_instrument_versions_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.instrument_versions
    ADD CONSTRAINT fk_instrument_versions_id FOREIGN KEY (id) REFERENCES public.instruments(id);


--
-- Name: lot_versions fk_lot_versions_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lot_versions
    ADD CONSTRAINT fk_lot_versions_id FOREIGN KEY (id) REFERENCES public.lots(id);


--
-- Name: notices fk_notices_analysis_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT fk_notices_analysis_id FOREIGN KEY (analysis_id, analysis_version) REFERENCES public.analysis_versions(id, version);


--
-- Name: randomisations fk_randomisations_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.randomisations
    ADD CONSTRAINT fk_randomisations_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: recalculation_items fk_recalculation_items_analysis_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recalculation_items
    ADD CONSTRAINT fk_recalculation_items_analysis_id FOREIGN KEY (analysis_id) REFERENCES public.analyses(id);


--
-- Name: recalculation_items fk_recalculation_items_recalculation_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recalculation_items
    ADD CONSTRAINT fk_recalculation_items_recalculation_id FOREIGN KEY (recalculation_id) REFERENCES public.recalculations(id);


--
-- Name: sessions fk_sessions_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: signatures fk_signatures_analysis_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT fk_signatures_analysis_id FOREIGN KEY (analysis_id, analysis_version) REFERENCES public.analysis_versions(id, version);


--
-- Name: signatures fk_signatures_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT fk_signatures_user_id FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- PostgreSQL database dump complete
--

\unrestrict NzJtJ42YKkEhhUEtYFKyO56WHwXnKOpdc5pz8Pex04PBnIdIZEkoLFS2txAid50

