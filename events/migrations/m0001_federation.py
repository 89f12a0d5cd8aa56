"""Unions, people, accounts, venues and series; the engine puts its type names in place of {uuid}, {time}, and so on."""

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "Unions, people, accounts, venues, series"

STATEMENTS = (
    """CREATE TABLE unions (
        id {uuid} PRIMARY KEY,
        parent {uuid} REFERENCES unions (id),
        path {text} NOT NULL UNIQUE CHECK (path LIKE '%.'),
        code {text} NOT NULL,
        name {text} NOT NULL,
        level {text} NOT NULL CHECK (level IN ('province', 'city', 'industry', 'county', 'grass_roots')),
        city {text} NOT NULL,
        created_at {time} NOT NULL,
        UNIQUE (parent, code))""",
    "CREATE INDEX unions_by_code ON unions (code)",
    """CREATE TABLE person (
        id {uuid} PRIMARY KEY,
        name {text} NOT NULL CHECK (name <> ''),
        sort_name {text} NOT NULL,
        sex {text} CHECK (sex IN ('female', 'male')),
        born {date},
        identity_cipher {bytes},
        identity_index {bytes} UNIQUE,
        phone_cipher {bytes},
        phone_index {bytes},
        mail {text},
        merged_into {uuid} REFERENCES person (id),
        created_at {time} NOT NULL,
        updated_at {time} NOT NULL,
        CHECK (merged_into IS NULL OR identity_index IS NULL))""",
    "CREATE INDEX person_by_name ON person (sort_name, id)",
    "CREATE INDEX person_by_exact_name ON person (name, id)",
    "CREATE INDEX person_by_phone ON person (phone_index)",
    "CREATE INDEX person_by_mail ON person (mail)",
    "CREATE INDEX person_by_merged ON person (merged_into) WHERE merged_into IS NOT NULL",
    """CREATE TABLE member (
        id {uuid} PRIMARY KEY,
        person {uuid} NOT NULL REFERENCES person (id),
        "union" {uuid} NOT NULL REFERENCES unions (id),
        joined_on {date} NOT NULL,
        left_on {date},
        CHECK (left_on IS NULL OR left_on >= joined_on))""",
    "CREATE UNIQUE INDEX member_once ON member (person) WHERE left_on IS NULL",
    "CREATE INDEX member_by_person ON member (person)",
    'CREATE INDEX member_by_union ON member ("union", person)',
    """CREATE TABLE account (
        id {uuid} PRIMARY KEY,
        name {text} NOT NULL UNIQUE CHECK (name <> ''),
        person {uuid} UNIQUE REFERENCES person (id),
        phone_cipher {bytes},
        phone_index {bytes} UNIQUE,
        mail {text} UNIQUE,
        password_hash {text},
        language {text} NOT NULL CHECK (language IN ('zh', 'en')),
        disabled_at {time},
        disabled_reason {text},
        created_at {time} NOT NULL)""",
    """CREATE TABLE claim (
        id {uuid} PRIMARY KEY,
        account {uuid} NOT NULL REFERENCES account (id),
        kind {text} NOT NULL CHECK (kind IN ('phone', 'mail')),
        address_cipher {bytes} NOT NULL,
        address_index {bytes} NOT NULL,
        code_id {uuid},
        expires_at {time},
        created_at {time} NOT NULL,
        UNIQUE (account, kind),
        CHECK ((code_id IS NULL) = (expires_at IS NULL)))""",
    "CREATE INDEX claim_by_address ON claim (kind, address_index)",
    """CREATE TABLE sign_in (
        id {uuid} PRIMARY KEY,
        account {uuid} NOT NULL REFERENCES account (id),
        token_hash {bytes} NOT NULL UNIQUE,
        device {text} NOT NULL,
        created_at {time} NOT NULL,
        expires_at {time} NOT NULL,
        revoked_at {time})""",
    "CREATE INDEX sign_in_by_account ON sign_in (account)",
    """CREATE TABLE token (
        id {uuid} PRIMARY KEY,
        account {uuid} NOT NULL REFERENCES account (id),
        use {text} NOT NULL CHECK (use IN ('api', 'calendar', 'recovery')),
        name {text} NOT NULL,
        token_hash {bytes} NOT NULL UNIQUE,
        created_at {time} NOT NULL,
        used_at {time},
        expires_at {time},
        revoked_at {time})""",
    "CREATE INDEX token_by_account ON token (account)",
    "CREATE UNIQUE INDEX token_for_calendar ON token (account) WHERE use = 'calendar' AND revoked_at IS NULL",
    """CREATE TABLE throttle (
        id {uuid} PRIMARY KEY,
        purpose {text} NOT NULL,
        key {bytes} NOT NULL,
        tries {integer} NOT NULL CHECK (tries > 0),
        since {time} NOT NULL,
        UNIQUE (purpose, key))""",
    """CREATE TABLE series (
        id {uuid} PRIMARY KEY,
        title {text} NOT NULL,
        "union" {uuid} NOT NULL REFERENCES unions (id),
        created_at {time} NOT NULL)""",
    """CREATE TABLE venue (
        id {uuid} PRIMARY KEY,
        name {text} NOT NULL,
        address {text} NOT NULL,
        city {text} NOT NULL,
        latitude_e6 {integer} CHECK (latitude_e6 BETWEEN -90000000 AND 90000000),
        longitude_e6 {integer} CHECK (longitude_e6 BETWEEN -180000000 AND 180000000),
        "union" {uuid} NOT NULL REFERENCES unions (id),
        created_at {time} NOT NULL)""",
    """CREATE TABLE station (
        id {uuid} PRIMARY KEY,
        venue {uuid} NOT NULL REFERENCES venue (id),
        number {integer} NOT NULL CHECK (number > 0),
        name {text} NOT NULL,
        UNIQUE (venue, number))""",
)


async def forwards() -> None:
    """Create the tables with their keys, constraints and indexes."""
    from events import db  # Piccolo's command line imports migrations by file name, before our packages

    await db.run_script(STATEMENTS)
