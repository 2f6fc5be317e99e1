// An address with nothing behind it, said in words, with the way on.
import { Link } from 'wouter';

import { paths } from '../config/paths';
import { useSharedWords } from '../i18n/i18n';
import { PageHeading } from './heading';

export function Missing({ heading, words }: { heading: string; words: string }) {
  const t = useSharedWords();
  return (
    <div className="mx-auto grid w-full max-w-column gap-3 px-5 py-16">
      <PageHeading>{heading}</PageHeading>
      <p className="text-read text-muted">{words}</p>
      <p className="text-read">
        <Link className="text-accent underline underline-offset-3" to={paths.newChat}>
          {t('newConversation')}
        </Link>
      </p>
    </div>
  );
}
