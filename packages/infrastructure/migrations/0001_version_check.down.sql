drop function require_one(text, uuid, bigint);
