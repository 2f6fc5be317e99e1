// The audit log, for administrators. What is shown of it stands in the address.
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import { auditFilter, withField } from '../features/admin/audit-filter';
import { AuditFilters } from '../features/admin/components/audit-filters';
import { AuditList } from '../features/admin/components/audit-list';
import { AuditTools } from '../features/admin/components/audit-tools';
import { adminKeys } from '../features/admin/queries';
import { useWords } from '../features/admin/words/use-words';
import { usePageTitle } from '../shared/lib/page-title';
import { useAddress } from '../shared/lib/use-address';
import { PageHeading } from '../shared/ui/heading';

export function AdminAuditRoute() {
  const t = useWords();
  const { fields, change } = useAddress();
  const queries = useQueryClient();
  usePageTitle(t('nav.audit'), '');
  const filter = useMemo(() => auditFilter(fields), [fields]);
  return (
    <>
      <div className="grid gap-2">
        <PageHeading>{t('nav.audit')}</PageHeading>
        <p className="text-read text-muted">{t('leads.audit')}</p>
      </div>
      <AuditTools onExported={() => void queries.invalidateQueries({ queryKey: adminKeys.audit })} />
      <AuditFilters
        address={fields}
        onField={(field, value) => change(withField(fields, field, value))}
        onClear={() => change(new URLSearchParams())}
      />
      <AuditList filter={filter} />
    </>
  );
}
