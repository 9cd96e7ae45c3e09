\set number random(1, :orders)
select * from orders where id = ('01800000-0000-7000-8000-' || lpad((:number)::text, 12, '0'))::uuid;
