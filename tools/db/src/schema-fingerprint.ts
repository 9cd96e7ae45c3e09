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
select 'schema ' || coalesce(nspacl::text, '') as line from pg_namespace, schema where pg_namespace.oid = schema.id
union all
select format('%s %s %s %s row security %s %s, %s, %s', relkind, relname, relpersistence, reloptions, relrowsecurity,
              relforcerowsecurity, relacl, obj_description(oid, 'pg_class')) from relations where relkind <> 'i' and relkind <> 'c'
union all
select format('column %s.%s %s not null %s default %s identity %s generated %s collation %s, %s, %s', relname, attname,
              format_type(atttypid, atttypmod), attnotnull, expression, attidentity, attgenerated,
              attcollation::regcollation, attacl, col_description(attrelid, attnum)) from columns
union all
select format('constraint %s of %s valid %s: %s', conname, relname, convalidated, pg_get_constraintdef(pg_constraint.oid))
from pg_constraint join relations on relations.oid = conrelid
union all
select format('index of %s valid %s clustered %s: %s', relations.relname, indisvalid, indisclustered, pg_get_indexdef(indexrelid))
from pg_index join relations on relations.oid = indrelid
union all
select format('trigger %s: %s', tgenabled, pg_get_triggerdef(pg_trigger.oid))
from pg_trigger join relations on relations.oid = tgrelid where not tgisinternal
union all
select format('view %s: %s', relname, pg_get_viewdef(oid)) from relations where relkind in ('v', 'm')
union all
select format('sequence %s %s from %s by %s, %s to %s, cycle %s', relname, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcycle)
from pg_sequence join relations on relations.oid = seqrelid
union all
select format('policy %s on %s %s %s %s %s', polname, relname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
              pg_get_expr(polwithcheck, polrelid)) from pg_policy join relations on relations.oid = polrelid
union all
select format('function %s, %s', case when prokind in ('f', 'p', 'w') then pg_get_functiondef(pg_proc.oid) else proname::text end, proacl)
from pg_proc, schema where pronamespace = schema.id and proname <> 'refuse_history_change'
union all
select format('type %s %s: %s, %s', typtype, typname,
              (select string_agg(enumlabel, ' < ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid), typacl)
from pg_type, schema where typnamespace = schema.id and typtype in ('e', 'd', 'r', 'm')
order by 1`;

/** Two schemas that have the same lines are the same, the order of columns apart. */
export async function schemaFingerprint(database: Queryable): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }>(FINGERPRINT);
  return rows.map(({ line }) => line);
}
