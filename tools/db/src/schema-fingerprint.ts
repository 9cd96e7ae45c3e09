/** Something that runs SQL in the schema whose fingerprint is taken. */
interface Queryable {
  query<Row>(text: string): Promise<readonly Row[]>;
}

/** What the migrator keeps for itself is no part of the schema that migrations make. */
const OURS = `relname not like 'schema\\_migration%'`;

/**
 * Everything that the catalogs say of the current schema, a line each, in words that do not depend on oids or on the order in
 * which things were made. The order of a table's columns is left out: a column that was dropped comes back as the last one.
 */
const FINGERPRINT = `
with schema as (select current_schema()::regnamespace::oid as id),
relations as (select pg_class.* from pg_class, schema where relnamespace = schema.id and ${OURS}),
columns as (
  select relname, pg_attribute.*, pg_get_expr(adbin, adrelid) as expression
  from relations join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relkind in ('r', 'p', 'v', 'm', 'f', 'c')
)
select format('schema of %s, %s', nspowner::regrole, nspacl) as line from pg_namespace, schema where pg_namespace.oid = schema.id
union all
select format('%s %s of %s %s %s row security %s %s replica identity %s, %s, %s', relkind, relname, relowner::regrole,
              relpersistence, reloptions, relrowsecurity, relforcerowsecurity, relreplident, relacl, obj_description(oid, 'pg_class'))
from relations where relkind not in ('i', 'I', 'c')
union all
select format('partitions of %s: %s', relname, pg_get_partkeydef(oid)) from relations where relkind = 'p'
union all
select format('%s inherits %s: %s', relname, inhparent::regclass, pg_get_expr(relpartbound, inhrelid))
from pg_inherits join relations on relations.oid = inhrelid
union all
select format('column %s.%s %s not null %s default %s identity %s generated %s collation %s storage %s %s statistics %s %s, %s, %s', relname, attname,
              format_type(atttypid, atttypmod), attnotnull, expression, attidentity, attgenerated,
              attcollation::regcollation, attstorage, attcompression, coalesce(attstattarget::int, -1), attoptions, attacl,
              col_description(attrelid, attnum)) from columns
union all
select format('constraint %s of %s valid %s: %s, %s', conname, relname, convalidated, pg_get_constraintdef(pg_constraint.oid),
              obj_description(pg_constraint.oid, 'pg_constraint'))
from pg_constraint join relations on relations.oid = conrelid
union all
select format('index of %s valid %s clustered %s replica identity %s: %s, %s', relations.relname, indisvalid, indisclustered, indisreplident,
              pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class'))
from pg_index join relations on relations.oid = indrelid
union all
select format('trigger %s: %s, %s', tgenabled, pg_get_triggerdef(pg_trigger.oid), obj_description(pg_trigger.oid, 'pg_trigger'))
from pg_trigger join relations on relations.oid = tgrelid where not tgisinternal
union all
select format('rule %s: %s', ev_enabled, pg_get_ruledef(pg_rewrite.oid))
from pg_rewrite join relations on relations.oid = ev_class where rulename <> '_RETURN'
union all
select format('statistics %s: %s', stxstattarget, pg_get_statisticsobjdef(pg_statistic_ext.oid))
from pg_statistic_ext join relations on relations.oid = stxrelid
union all
select format('view %s: %s', relname, pg_get_viewdef(oid)) from relations where relkind in ('v', 'm')
union all
select format('sequence %s %s from %s by %s, %s to %s, cycle %s', relname, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcycle)
from pg_sequence join relations on relations.oid = seqrelid
union all
select format('policy %s on %s %s %s %s %s', polname, relname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
              pg_get_expr(polwithcheck, polrelid)) from pg_policy join relations on relations.oid = polrelid
union all
select format('function of %s: %s, %s, %s', proowner::regrole,
              case prokind when 'a' then proname::text else pg_get_functiondef(pg_proc.oid) end, proacl,
              obj_description(pg_proc.oid, 'pg_proc'))
from pg_proc, schema where pronamespace = schema.id and proname <> 'refuse_history_change'
union all
select format('type %s %s of %s: %s %s not null %s default %s, %s, %s', typtype, typname, typowner::regrole,
              (select string_agg(enumlabel, ' < ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid),
              case typtype when 'd' then format_type(typbasetype, typtypmod) end, typnotnull, typdefault, typacl,
              obj_description(pg_type.oid, 'pg_type'))
from pg_type, schema where typnamespace = schema.id and typtype in ('e', 'd', 'r', 'm')
union all
select format('constraint %s of type %s valid %s: %s', conname, typname, convalidated, pg_get_constraintdef(pg_constraint.oid))
from pg_constraint join pg_type on pg_type.oid = contypid, schema where typnamespace = schema.id
union all
select format('collation %s', to_jsonb(pg_collation) - array['oid', 'collnamespace', 'collowner'])
from pg_collation, schema where collnamespace = schema.id
union all
select format('default privileges of %s on %s: %s', defaclrole::regrole, defaclobjtype, defaclacl)
from pg_default_acl, schema where defaclnamespace = schema.id
order by 1`;

/** Two schemas that have the same lines are the same, the order of columns apart. */
export async function schemaFingerprint(database: Queryable): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }>(FINGERPRINT);
  return rows.map(({ line }) => line);
}
