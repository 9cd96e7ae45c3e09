-- The check of an update or removal that names an id and a version: exactly one row must have had both.
-- Raised inside the server, because COMMIT may be on the wire before the client has read the row count.
create function require_one(kind text, id uuid, matched bigint) returns boolean
language plpgsql as $$
begin
  if matched <> 1 then
    raise exception using
      errcode = 'BL001',
      message = 'the version is not as expected',
      table = kind,
      detail = id::text;
  end if;
  return true;
end
$$;
