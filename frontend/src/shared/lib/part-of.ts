// Parts of the page that are loaded when they are first wanted, and stay. One that does not load is missing, and takes nothing with it.
import { createElement, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';

export type UsePart<Part> = {
  /** Null until it is there, and for who does not want it. */
  (wanted?: boolean): Part | null;
  /** Before anybody draws it. */
  load(): Promise<void>;
};

/** Who wants it when it did not load has it asked for again. */
export function partOf<Part>(fetchPart: () => Promise<Part>): UsePart<Part> {
  let part: { of: Part } | null = null;
  let loading: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const fetchOnce = async (): Promise<void> => {
    try {
      part = { of: await fetchPart() };
      for (const listener of listeners) listener();
    } catch {
      loading = null;
    }
  };
  const load = (): Promise<void> => (loading ??= fetchOnce());
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    void load();
    return () => listeners.delete(listener);
  };
  const usePart = (wanted = true): Part | null =>
    useSyncExternalStore(wanted ? subscribe : nothing, () => (wanted && part ? part.of : null));
  return Object.assign(usePart, { load });
}

export type LazyComponent<Props> = {
  (props: Props & { meanwhile?: ReactNode }): ReactNode;
  /** Whether it can be drawn; asks for it when it is wanted. */
  useThere(wanted: boolean): boolean;
};

/** A component that is loaded when it is first drawn. `meanwhile`, which it gets as well, stands in its place until then. */
export function componentOf<Props extends object>(fetchComponent: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  const useComponent = partOf(fetchComponent);
  const Lazy = (props: Props & { meanwhile?: ReactNode }): ReactNode => {
    const component = useComponent();
    return component ? createElement(component, props) : (props.meanwhile ?? null);
  };
  return Object.assign(Lazy, { useThere: (wanted: boolean) => useComponent(wanted) !== null });
}

function nothing(): () => void {
  return () => undefined;
}
