// The language of the page. It changes at once, and holds for this browser alone.
import { useState } from 'react';

import { chooseLanguage, chosenLanguage } from '../../../shared/i18n/language';
import { LANGUAGES, type Language } from '../../../shared/i18n/languages';
import { Choice } from '../../../shared/ui/choice';
import { useToast } from '../../../shared/ui/toast';
import { useWords } from '../words/use-words';

type Wish = Language | 'browser';

export function LanguageChoice() {
  const t = useWords();
  const toast = useToast();
  const [wish, setWish] = useState<Wish>(wishOf(chosenLanguage()));
  // Each in its own language: whoever reads no other finds it.
  const options = [
    { value: 'browser' as const, label: t('language.browser') },
    { value: 'en' as const, label: LANGUAGES.en.name },
    { value: 'es' as const, label: LANGUAGES.es.name },
  ];
  const choose = (wanted: Wish): void => {
    setWish(wanted);
    chooseLanguage(wanted === 'browser' ? null : wanted).catch(() => {
      setWish(wishOf(chosenLanguage()));
      toast({ text: t('language.unloaded') });
    });
  };
  return <Choice<Wish> label={t('language.label')} value={wish} options={options} onChange={choose} />;
}

function wishOf(chosen: Language | null): Wish {
  return chosen ?? 'browser';
}
