-- Invitations that reached a known customer: what bounced, failed, was held back or opted out asks nobody.
select customer_id, survey, sent_on
from (
  select
    coalesce(k.customer_id, i.customer_id) as customer_id,
    i.survey,
    cast(i.sent_at as date) as sent_on,
    lower(coalesce(i.status, '')) as status
  from invitations as i
  left join panel_links as k on k.alias = i.customer_id
  where i.is_current and i.customer_id is not null
) as sent
where status not like '%bounc%' and status not like '%fail%'
  and status not like '%undeliver%' and status not like '%not deliver%' and status not like '%block%'
  and status not like '%reject%' and status not like '%suppress%' and status not like '%opt%out%'
  and status not like '%not sent%' and status not like '%unsubscrib%'
