"""The catalog's tables. All that the store means is here; segments are bytes that this names.

A page's `uses` is the number of rows of `extent_pages` that name it. Triggers keep it, also where a row goes because its model goes, and
`aweigh store verify` counts again. `gc` takes a page's row away when it has no uses, so a row is what makes a slot worth keeping.
An extent and a file of assets live as long as a model names them. Integers of 64 bits without sign (inodes) stand as text.
"""

APPLICATION = 0x41776567  # "Aweg"
VERSION = 2

SIGNATURES = """
CREATE TABLE signatures (
    content BLOB NOT NULL,        -- of a model
    key BLOB NOT NULL,            -- who signed: an Ed25519 public key
    signature BLOB NOT NULL,      -- as memory/trust/signature.py has it
    PRIMARY KEY (content, key)
) WITHOUT ROWID;
"""

SCHEMA = f"""{SIGNATURES}
CREATE TABLE models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    structure BLOB NOT NULL,      -- hash of names, dtypes and shapes: fine-tunes of one base have one
    used_as TEXT NOT NULL,        -- where the order of use is from: "program" or "names"
    fingerprint BLOB,             -- of the Program
    bytes INTEGER NOT NULL,       -- of all tensors
    published REAL NOT NULL,      -- seconds since the epoch
    digest BLOB NOT NULL,         -- over all that a reader believes (rows.py)
    content BLOB NOT NULL         -- what signatures are over (content.py); for lists and `gc`, readers compute it
);
CREATE INDEX models_structure ON models (structure);

CREATE TABLE sources (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    file TEXT NOT NULL,
    identity TEXT NOT NULL,       -- device, inode, size, time of modification
    header BLOB NOT NULL,         -- hash of the header
    PRIMARY KEY (model, file)
) WITHOUT ROWID;
CREATE INDEX sources_identity ON sources (identity);

CREATE TABLE extents (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    length INTEGER NOT NULL
);
CREATE TABLE model_extents (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    position INTEGER NOT NULL,    -- in the order of use
    extent INTEGER NOT NULL REFERENCES extents,
    PRIMARY KEY (model, position)
) WITHOUT ROWID;
CREATE INDEX model_extents_extent ON model_extents (extent);
CREATE TRIGGER extent_unused AFTER DELETE ON model_extents
    WHEN NOT EXISTS (SELECT 1 FROM model_extents WHERE extent = OLD.extent)
    BEGIN DELETE FROM extents WHERE id = OLD.extent; END;

CREATE TABLE tensors (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    name TEXT NOT NULL,
    dtype TEXT NOT NULL,          -- as safetensors spells it
    shape TEXT NOT NULL,          -- JSON
    position INTEGER,             -- of its extent; none: it has no bytes
    offset INTEGER NOT NULL,      -- in its extent
    length INTEGER NOT NULL,
    PRIMARY KEY (model, name)
) WITHOUT ROWID;

CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    segment INTEGER NOT NULL REFERENCES segments,
    slot INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
    damaged INTEGER NOT NULL DEFAULT 0,  -- somebody read other bytes there: the next publish writes it anew
    UNIQUE (segment, slot)
);
CREATE TABLE extent_pages (
    extent INTEGER NOT NULL REFERENCES extents ON DELETE CASCADE,
    place INTEGER NOT NULL,       -- in the extent
    page INTEGER NOT NULL REFERENCES pages,
    PRIMARY KEY (extent, place)
) WITHOUT ROWID;
CREATE INDEX extent_pages_page ON extent_pages (page);
CREATE TRIGGER page_used AFTER INSERT ON extent_pages
    BEGIN UPDATE pages SET uses = uses + 1 WHERE id = NEW.page; END;
CREATE TRIGGER page_unused AFTER DELETE ON extent_pages
    BEGIN UPDATE pages SET uses = uses - 1 WHERE id = OLD.page; END;

CREATE TABLE files (
    digest BLOB PRIMARY KEY,
    data BLOB NOT NULL
);
CREATE TABLE assets (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    path TEXT NOT NULL,           -- in the model's directory
    digest BLOB NOT NULL REFERENCES files,
    PRIMARY KEY (model, path)
) WITHOUT ROWID;
CREATE INDEX assets_digest ON assets (digest);
CREATE TRIGGER file_unused AFTER DELETE ON assets
    WHEN NOT EXISTS (SELECT 1 FROM assets WHERE digest = OLD.digest)
    BEGIN DELETE FROM files WHERE digest = OLD.digest; END;
"""

LATER = """
CREATE TABLE IF NOT EXISTS remotes (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    url TEXT NOT NULL,            -- of an object store that has its pages
    packs BLOB NOT NULL,          -- where they lie in it
    PRIMARY KEY (model, url)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS headers (
    model INTEGER PRIMARY KEY REFERENCES models ON DELETE CASCADE,
    identity TEXT NOT NULL        -- of the file of headers that stands for the model (headers.py), where it was published from others
);
CREATE INDEX IF NOT EXISTS headers_identity ON headers (identity);
"""
"""What a store of this version may lack: it is made when the store is prepared."""
