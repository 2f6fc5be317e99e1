// What is pressed, opened, said and waited for.
import { Copy, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { PAGE_KEYS } from '../../shared/lib/keys';
import { Button, ButtonLink } from '../../shared/ui/button';
import { Actions, Dialog } from '../../shared/ui/dialog';
import { Drawer } from '../../shared/ui/drawer';
import { PageHeading } from '../../shared/ui/heading';
import { IconButton } from '../../shared/ui/icon-button';
import { KeyCaps } from '../../shared/ui/key-caps';
import { Lamp } from '../../shared/ui/lamp';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine, MenuOption } from '../../shared/ui/menu';
import { Missing } from '../../shared/ui/missing';
import { Note } from '../../shared/ui/note';
import { PageSection } from '../../shared/ui/page-section';
import { Skeleton } from '../../shared/ui/skeleton';
import { useToast } from '../../shared/ui/toast';

const WEIGHTS = ['primary', 'quiet', 'plain', 'danger'] as const;
const LAMPS = ['lit', 'breathing', 'dim', 'out'] as const;

const nothing = (): void => undefined;

export function Headings() {
  return (
    <PageSection heading="Headings">
      <PageHeading>The heading of a page</PageHeading>
      <h2 className="text-title font-strong">The heading of a part</h2>
    </PageSection>
  );
}

export function Buttons() {
  return (
    <PageSection heading="Buttons">
      {WEIGHTS.map((weight) => (
        <div key={weight} className="flex flex-wrap items-center gap-3">
          <Button weight={weight}>{weight}</Button>
          <Button weight={weight} busy>
            {weight}, busy
          </Button>
          <Button weight={weight} disabled>
            {weight}, disabled
          </Button>
          <ButtonLink weight={weight} href="#/gallery">
            {weight}, a link
          </ButtonLink>
        </div>
      ))}
      <div className="flex gap-3">
        <IconButton label="Copy" keyName="copyAnswer">
          <Copy size={18} strokeWidth={1.6} aria-hidden />
        </IconButton>
        <IconButton label="Copy, disabled" disabled>
          <Copy size={18} strokeWidth={1.6} aria-hidden />
        </IconButton>
      </div>
    </PageSection>
  );
}

export function Menus() {
  const [order, setOrder] = useState('newest');
  return (
    <PageSection heading="Menus">
      <div className="flex flex-wrap gap-3">
        <Menu trigger={<Button>Acts</Button>}>
          <MenuLabel>What can be done</MenuLabel>
          <MenuItem icon={Copy} onSelect={nothing}>
            Copy
          </MenuItem>
          <MenuItem icon={Copy} disabled onSelect={nothing}>
            Copy, not yet
          </MenuItem>
          <MenuLine />
          <MenuItem icon={Trash2} danger onSelect={nothing}>
            Delete
          </MenuItem>
        </Menu>
        <Menu trigger={<Button>One of several</Button>}>
          <MenuChoice value={order} onChange={setOrder}>
            <MenuOption value="newest">Newest first</MenuOption>
            <MenuOption value="oldest">Oldest first</MenuOption>
          </MenuChoice>
        </Menu>
      </div>
    </PageSection>
  );
}

type Open = 'dialog' | 'insistent' | 'drawer' | null;

export function Overlays() {
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  return (
    <PageSection heading="Over the page">
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => setOpen('dialog')}>A dialog</Button>
        <Button onClick={() => setOpen('insistent')}>One that insists</Button>
        <Button onClick={() => setOpen('drawer')}>A drawer</Button>
      </div>
      <Dialog
        open={open === 'dialog' || open === 'insistent'}
        onOpenChange={close}
        title="Delete this conversation?"
        description="Ten seconds remain to take it back."
        insistent={open === 'insistent'}
      >
        <Actions>
          <Button onClick={close}>Keep it</Button>
          <Button weight="danger" onClick={close}>
            Delete it
          </Button>
        </Actions>
      </Dialog>
      <Drawer open={open === 'drawer'} onOpenChange={close} title="A drawer">
        <p className="p-5">Lists and what belongs to them, on a narrow screen.</p>
      </Drawer>
    </PageSection>
  );
}

export function News() {
  const toast = useToast();
  return (
    <PageSection heading="News">
      <Note requestId="01a21b85-6858-7df3-8906-6cdd2b1d46b7" act={<Button>Try again</Button>}>
        Something failed, and here is what to do.
      </Note>
      <Note tone="info">Something is worth knowing.</Note>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => toast({ text: 'Saved.' })}>Short news</Button>
        <Button onClick={() => toast({ text: 'Deleted.', action: { label: 'Undo', run: nothing } })}>News with an act</Button>
      </div>
      <Missing heading="Nothing is here" words="An address with nothing behind it says so, and where to go on." />
    </PageSection>
  );
}

export function Lamps() {
  return (
    <PageSection heading="The lamp">
      {LAMPS.map((state) => (
        <p key={state} className="flex items-center gap-4">
          <Lamp state={state} />
          <Lamp state={state} size="large" />
          {state}
        </p>
      ))}
    </PageSection>
  );
}

export function Waiting() {
  return (
    <PageSection heading="Waiting">
      <Skeleton className="h-16" />
    </PageSection>
  );
}

export function Keys() {
  return (
    <PageSection heading="Keys">
      <ul className="grid gap-2">
        {PAGE_KEYS.map((name) => (
          <li key={name} className="flex items-center justify-between gap-6">
            {name}
            <KeyCaps name={name} />
          </li>
        ))}
      </ul>
    </PageSection>
  );
}
