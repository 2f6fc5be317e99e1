// The pages of administration, one press apart.
import { Link, useLocation } from 'wouter';

import { paths } from '../../../shared/config/paths';
import { classNames } from '../../../shared/lib/class-names';
import { useWords } from '../words/use-words';

const PAGES = [
  { to: paths.admin, name: 'overview' },
  { to: paths.people, name: 'people' },
  { to: paths.invites, name: 'invites' },
  { to: paths.servers, name: 'servers' },
  { to: paths.usage, name: 'usage' },
  { to: paths.audit, name: 'audit' },
] as const;

export function AdminNav() {
  const t = useWords();
  const [path] = useLocation();
  return (
    <nav aria-label={t('nav.label')} className="shrink-0 overflow-x-auto border-b border-line">
      <ul className="mx-auto flex w-full max-w-240 px-3.5 sm:px-2">
        {PAGES.map(({ to, name }) => {
          // The overview stands at the address that all others begin with.
          const open = path === to || (to !== paths.admin && path.startsWith(`${to}/`));
          return (
            <li key={to}>
              <Link
                to={to}
                aria-current={open ? 'page' : undefined}
                className={classNames(
                  'flex min-h-control items-center border-b-2 px-1.5 transition-colors focus-visible:-outline-offset-2 sm:px-3',
                  open ? 'border-accent font-strong text-ink' : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {t(`nav.${name}`)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
