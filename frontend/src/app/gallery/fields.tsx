// Everything that one types into or chooses from.
import { useState } from 'react';

import { Choice } from '../../shared/ui/choice';
import { PageSection } from '../../shared/ui/page-section';
import { SelectField } from '../../shared/ui/select-field';
import { PasswordField, TextArea, TextField } from '../../shared/ui/text-field';

const FRUITS = [
  { value: 'apple', label: 'Apple' },
  { value: 'pear', label: 'Pear' },
] as const;
const GROUPS = [{ label: 'Berries', options: [{ value: 'currant', label: 'Currant' }] }] as const;
type Fruit = 'apple' | 'pear' | 'currant';

export function Fields() {
  const [fruit, setFruit] = useState<Fruit>('apple');
  const [side, setSide] = useState<'apple' | 'pear'>('apple');
  return (
    <PageSection heading="Fields">
      <TextField label="Empty" placeholder="A placeholder is no label" />
      <TextField label="With a hint" hint="What is expected, before it is asked again." defaultValue="Some words" />
      <TextField label="Optional" optional defaultValue="" />
      <TextField label="With a problem" problem="This name is taken." defaultValue="maria" />
      <TextField label="Read only" readOnly defaultValue="Cannot be changed" />
      <TextField label="Disabled" disabled defaultValue="Not now" />
      <PasswordField label="Password" hint="At least ten characters." defaultValue="correct horse" autoComplete="off" />
      <TextArea label="Several lines" rows={3} defaultValue={'One.\nTwo.'} />
      <SelectField label="One of many" value={fruit} options={FRUITS} groups={GROUPS} onChange={setFruit} />
      <Choice label="One of few" value={side} options={FRUITS} onChange={setSide} />
    </PageSection>
  );
}
