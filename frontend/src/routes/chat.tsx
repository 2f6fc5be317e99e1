// A new conversation and a stored one: introduces the chat to the models, the list and the frame.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { Link, useLocation, useRoute } from 'wouter';

import { useSignedIn } from '../features/auth/session-context';
import { ChatView, type ChatViewProps, type TurnNews } from '../features/chat/components/chat-view';
import { answersTo, type Offer, type OffersFor } from '../features/chat/components/offers';
import { Standing, type StandingProps } from '../features/chat/components/standing';
import { noteLeft } from '../features/chat/own-turns';
import { chatKeys, conversationQuery, type Conversation } from '../features/chat/queries';
import type { Sampling } from '../features/chat/stream/use-turn';
import { useWords, type ChatWords } from '../features/chat/words/use-words';
import { filterOf } from '../features/conversations/lists';
import {
  listQuery,
  lookForRunning,
  noteRunning,
  placeConversation,
  refreshLists,
  useChangeConversations,
} from '../features/conversations/queries';
import { ModelPicker } from '../features/models/components/model-picker';
import { chatModels, homeOf } from '../features/models/home';
import { catalogueQuery, modelKeys, resolvedQuery, type Catalogue, type Model, type ModelChoice } from '../features/models/queries';
import { moveChosen, useChosen } from '../features/presets/chosen';
import { presetsIn, type Preset } from '../features/presets/presets';
import { placesIn, promptsIn, type Prompt } from '../features/presets/prompts';
import { QuotaChip } from '../features/usage/components/quota-chip';
import { noteTurn } from '../features/usage/queries';
import { ApiError } from '../shared/api/errors';
import { paths } from '../shared/config/paths';
import { usePageTitle } from '../shared/lib/page-title';
import { MINUTE, useNow } from '../shared/lib/use-now';
import { componentOf } from '../shared/lib/part-of';
import { useStable } from '../shared/lib/use-stable';
import { Lamp, type LampState } from '../shared/ui/lamp';
import { Missing } from '../shared/ui/missing';
import { useToast } from '../shared/ui/toast';

const NOTHING = {};
/** Whoever has no preset loads nothing of them. */
const PresetPicker = componentOf(async () => (await import('../features/presets/components/preset-picker')).PresetPicker);

const NoModel = componentOf(async () => (await import('../features/models/components/no-model')).NoModel);
const FillIn = componentOf(async () => (await import('../features/presets/components/fill-in')).FillIn);
const TemporaryNote = componentOf(async () => (await import('../features/keeping/components/temporary-note')).TemporaryNote);
const UsedMemories = componentOf(async () => (await import('../features/memories/components/used-memories')).UsedMemories);

/** What the frame around this address hears from it and tells it. */
export type ChatFrame = {
  /** A turn of this tab began or ended. */
  onTurn(conversationId: string): void;
  /** A conversation is shown; null where there is none yet, or nothing is known of it. */
  onOpened(id: string | null, conversation: Conversation | null): void;
  onAnsweringChanged(answering: boolean, id: string | null): void;
  /** Who takes another choice of model, while somebody does. */
  onChooser(chooser: ModelChooser | null): void;
  lamp: LampState;
};
export type ModelChooser = { choose(choice: ModelChoice): void };

export type ChatRouteProps = { id: string | null; frame: ChatFrame };

export function ChatRoute({ id, frame }: ChatRouteProps) {
  const t = useWords();
  const conversation = useQuery({ ...conversationQuery(id ?? ''), enabled: id !== null });
  const gone = id !== null && conversation.error instanceof ApiError && conversation.error.status === 404;
  const title = titleOf(t, id, gone, conversation.data?.title);
  usePageTitle(title, id === null || gone ? '' : title);
  if (gone) return <Missing heading={t('page.gone')} words={t('page.goneWords')} />;
  return <Chat id={id} frame={frame} />;
}

function Chat({ id, frame }: ChatRouteProps) {
  const { onChooser, onOpened, lamp } = frame;
  const { user } = useSignedIn();
  const [, navigate] = useLocation();
  const addressId = useRoute(paths.anyConversation)[1]?.id ?? null;
  const { data: catalogue } = useQuery(catalogueQuery);
  const { chosen, choice, choose, onCreated } = useChoice(id);
  const presets = usePreset(id);
  const standing = useStanding(id);
  const { onBegun } = standing;
  const { offersFor, asking } = useOffersFor(id, catalogue, choose);
  const [memories, setMemories] = useState<{ of: string | null; ids: readonly string[] } | null>(null);
  const onMemories = useCallback((ids: readonly string[]) => setMemories({ of: id, ids }), [id]);
  const chooser = useStable<ModelChooser>({ choose });
  useEffect(() => {
    onChooser(chooser);
    return () => onChooser(null);
  }, [onChooser, chooser]);
  const { stored } = standing;
  useEffect(() => onOpened(id, stored), [onOpened, id, stored]);

  const news = useNews(frame);
  const onConversationCreated = useCallback(
    (created: string) => {
      moveChosen(user.id, created);
      onBegun(created);
      onCreated(created);
      navigate(paths.conversation(created), { replace: true });
    },
    [navigate, user.id, onBegun, onCreated],
  );

  return (
    <>
      <ChatView
        conversationId={id}
        addressId={addressId}
        choice={choice}
        sampling={{ ...presets.chosen?.sampling, ...standing.wishes }}
        draftOwner={user.id}
        composerTools={<Tools catalogue={catalogue} chosen={chosen} choose={choose} presets={presets} standing={standing.shown} />}
        offersFor={offersFor}
        emptyState={<Empty name={user.display_name} lamp={lamp} catalogue={catalogue} temporary={standing.shown.temporary} />}
        onConversationCreated={onConversationCreated}
        {...news}
        onMemories={onMemories}
      />
      {asking}
      {memories?.of === id && <UsedMemories ids={memories.ids} onClose={() => setMemories(null)} />}
    </>
  );
}

/** What else on the page changes with what happens here; the server is asked where the page cannot know. */
function useNews({ onAnsweringChanged, onTurn }: ChatFrame): TurnNews & Pick<ChatViewProps, 'onNamed'> {
  const queries = useQueryClient();
  return useStable<TurnNews & Pick<ChatViewProps, 'onNamed'>>({
    onAnsweringChanged,
    onTurnBegun: (conversation) => {
      if (conversation === null) void refreshLists(queries);
      else if (!conversation.temporary) void placeConversation(queries, conversation, true);
      if (conversation !== null) onTurn(conversation.id);
    },
    onTurnEnded: (turn, conversation) => {
      noteTurn(queries, conversation && (turn?.end?.usage?.total_tokens ?? null));
      if (conversation === null) void refreshLists(queries);
      else {
        if (turn?.origin.kind !== 'attach') onTurn(conversation.id);
        noteRunning(queries, conversation.id, false);
        if (!conversation.temporary) void placeConversation(queries, conversation, true);
      }
      // A model that slept is loaded by the first question; one that was awake still is.
      const known = queries.getQueryData<Catalogue>(modelKeys.catalogue);
      if (homeOf(known, false).lamp !== 'lit') void queries.invalidateQueries({ queryKey: modelKeys.all });
    },
    onLeft: (id) => {
      if (id !== null) {
        noteLeft(queries, id);
        noteRunning(queries, id, true);
      }
      lookForRunning(queries);
    },
    onTurnFailed: () => void queries.invalidateQueries({ queryKey: modelKeys.all }),
    onNamed: (conversation) => void placeConversation(queries, conversation, false),
  });
}

type ToolsProps = Pick<ReturnType<typeof useChoice>, 'chosen' | 'choose'> & {
  catalogue: Catalogue | undefined;
  presets: Presets;
  standing: StandingProps;
};

/** What stands below the box: model, preset, memory, whether it stays, and how much is left of the day. */
function Tools({ catalogue, chosen, choose, presets, standing }: ToolsProps) {
  const queries = useQueryClient();
  return (
    <>
      {catalogue && (
        <ModelPicker
          catalogue={catalogue}
          chosen={chosen}
          onChoose={choose}
          onOpen={() => void queries.refetchQueries({ queryKey: modelKeys.catalogue, stale: true })}
        />
      )}
      {presets.all.length > 0 && <PresetPicker presets={presets.all} chosen={presets.chosen} onChoose={presets.choose} />}
      <Standing {...standing} />
      <QuotaChip />
    </>
  );
}

/** Prompts and pages behind a stroke, models behind an at; and the dialog that a prompt with places opens. */
function useOffersFor(
  id: string | null,
  catalogue: Catalogue | undefined,
  choose: (choice: ModelChoice) => void,
): { offersFor: OffersFor; asking: ReactNode } {
  const t = useWords();
  const { user } = useSignedIn();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<{ of: string | null; prompt: Prompt; insert(text: string): void } | null>(null);
  const models = catalogue === undefined ? [] : chatModels(catalogue);
  const go = (name: string, path: string, label: string): Offer => ({
    id: name,
    label,
    take: (insert) => {
      insert('');
      navigate(path);
    },
  });
  const stroke = (): Offer[] => [
    ...promptsIn(user.preferences.ui).map((prompt) => promptOffer(prompt, (insert) => setAsked({ of: id, prompt, insert }))),
    { ...go('prompts', paths.settings, t('offers.prompts')), hint: t('offers.promptsHint') },
    go('new', paths.newChat, t('offers.newConversation')),
  ];
  const stable = useStable<{ offersFor: OffersFor }>({
    offersFor: (sign, words) => {
      const all = sign === '@' ? models.map((model) => modelOffer(model, choose)) : stroke();
      return all.filter(({ label }) => answersTo(label, words));
    },
  });
  const onFilled = (text: string): void => {
    setAsked(null);
    asked?.insert(text);
  };
  const asking = asked !== null && asked.of === id && <FillIn prompt={asked.prompt} onFilled={onFilled} onClose={() => setAsked(null)} />;
  return { ...stable, asking };
}

function promptOffer({ id, name, text }: Prompt, fillIn: (insert: (text: string) => void) => void): Offer {
  return { id, label: name, hint: text, take: (insert) => (placesIn(text).length === 0 ? insert(text) : fillIn(insert)) };
}

function modelOffer({ id, provider, label }: Model, choose: (choice: ModelChoice) => void): Offer {
  const take = (insert: (text: string) => void): void => {
    choose({ provider, model: id });
    insert('');
  };
  return { id: `${provider}/${id}`, label, take };
}

type Presets = { all: Preset[]; chosen: Preset | null; choose(id: string | null): void };

/** The preset that goes with questions here; one that was deleted since goes with none. */
function usePreset(id: string | null): Presets {
  const { user } = useSignedIn();
  const all = presetsIn(user.preferences.ui);
  const picked = useChosen(user.id, id);
  return { all, chosen: all.find((each) => each.id === picked.id) ?? null, choose: picked.choose };
}

/** What a new conversation is to be, until the server knows it. */
type Wished = { for: string | null; memory: boolean; temporary: boolean };
const PLAIN = { memory: true, temporary: false };

/** Whether memory is used here and whether the conversation stays; and how to change both. */
function useStanding(id: string | null) {
  const t = useWords();
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const toast = useToast();
  const { mutate } = useChangeConversations();
  const { data } = useQuery({ ...conversationQuery(id ?? ''), enabled: id !== null });
  const [wished, wish] = useState<Wished>({ for: id, ...PLAIN });
  const own = wished.for === id ? wished : PLAIN;
  const memory = data?.use_memory ?? own.memory;
  const temporary = data?.temporary ?? own.temporary;

  const change = async (of: string, changes: { use_memory?: boolean; temporary?: boolean }, then?: () => void): Promise<void> => {
    const key = chatKeys.conversation(of);
    // A reading that is on its way would undo it.
    await queries.cancelQueries({ queryKey: key });
    queries.setQueryData<Conversation>(key, (before) => before && { ...before, ...changes });
    const onError = (): void => {
      void queries.invalidateQueries({ queryKey: key });
      toast({ text: t('standing.unchanged') });
    };
    mutate({ ids: [of], changes }, { onError, ...(then && { onSuccess: then }) });
  };
  const onKept = (): void => {
    void refreshLists(queries);
    toast({ text: t('standing.kept') });
  };
  const shown: StandingProps = {
    memory: user.preferences.memory_enabled ? memory : null,
    temporary,
    begun: id !== null,
    onMemory: (used) => (id === null ? wish({ ...own, for: id, memory: used }) : void change(id, { use_memory: used })),
    onTemporary: (on) => (id === null ? wish({ ...own, for: id, temporary: on }) : void change(id, { temporary: on }, onKept)),
  };
  // The first question tells the server; that memory is paused it is told once more, for those that follow.
  const wishes: Sampling = id === null ? { ...(!memory && { use_memory: false }), ...(temporary && { temporary }) } : NOTHING;
  const { onBegun } = useStable({
    onBegun: (created: string): void => {
      wish({ ...own, for: created });
      if (!own.memory && !own.temporary) void change(created, { use_memory: false });
    },
  });
  return { shown, wishes, onBegun, stored: data ?? null };
}

type Picked = { for: string | null; choice: ModelChoice };

/** A stored conversation keeps its model on the server; a new one keeps it here until its first question. */
function useChoice(id: string | null) {
  const t = useWords();
  const queries = useQueryClient();
  const toast = useToast();
  const { mutate } = useChangeConversations();
  const { data: resolved } = useQuery(resolvedQuery(id));
  const [picked, setPicked] = useState<Picked | null>(null);
  const own = picked !== null && picked.for === id ? picked.choice : null;

  const choose = (choice: ModelChoice): void => {
    setPicked({ for: id, choice });
    if (id === null) return;
    const onError = (): void => {
      setPicked(null);
      toast({ text: t('page.modelKept') });
    };
    const onSuccess = (): void => void queries.invalidateQueries({ queryKey: modelKeys.resolved(id) });
    mutate({ ids: [id], changes: choice }, { onError, onSuccess });
  };
  const chosen = own ?? resolved ?? null;
  // What was to answer has answered.
  const { onCreated } = useStable({ onCreated: (created: string) => queries.setQueryData(modelKeys.resolved(created), chosen) });
  return { chosen, choice: id === null ? own : null, choose, onCreated };
}

type EmptyProps = { name: string; lamp: LampState; catalogue: Catalogue | undefined; temporary: boolean };

function Empty({ name, lamp, catalogue, temporary }: EmptyProps) {
  const t = useWords();
  const asleep = catalogue !== undefined && chatModels(catalogue).length === 0;
  const now = useNow(MINUTE);
  return (
    <div className="grid gap-6">
      <div className="grid justify-items-start gap-4">
        <span className="ps-2">
          <Lamp state={lamp} size="large" />
        </span>
        <h1 className="text-display font-strong tracking-[-0.01em] text-balance wrap-anywhere">{greeting(t, new Date(now), name)}</h1>
      </div>
      {temporary && <TemporaryNote />}
      <FirstSteps />
      {asleep && <NoModel catalogue={catalogue} />}
    </div>
  );
}

/** An owner who has not asked anything yet may have things to set up. */
function FirstSteps() {
  const t = useWords();
  const { user } = useSignedIn();
  const { data } = useInfiniteQuery(listQuery(filterOf(false, '')));
  const [first] = data?.pages ?? [];
  if (user.role !== 'admin' || first === undefined || first.items.length > 0) return null;
  return (
    <p className="text-muted">
      <Link to={paths.admin} className="text-ink underline underline-offset-4">
        {t('page.firstSteps')}
      </Link>
    </p>
  );
}

function greeting(t: ChatWords, now: Date, name: string): string {
  const hour = now.getHours();
  const part = hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening';
  return t(`page.${part}`, { name });
}

function titleOf(t: ChatWords, id: string | null, gone: boolean, title: string | undefined): string {
  if (id === null) return t('page.new');
  return gone ? t('page.goneTitle') : (title ?? '');
}
