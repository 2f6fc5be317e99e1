// Does one thing to many conversations, a few at a time, and waits where the server asks for it.
import { ApiError } from '../../shared/api/errors';

const AT_ONCE = 4;

export class SomeFailed extends Error {
  override readonly name = 'SomeFailed';
  readonly ids: readonly string[];

  constructor(ids: readonly string[], cause: unknown) {
    super(`${ids.length} could not be changed`, { cause });
    this.ids = ids;
  }
}

/** Does all it can; throws `SomeFailed` with those that were refused. */
export async function forEach(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> {
  const left = [...ids];
  const failed: string[] = [];
  let cause: unknown = null;
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await patiently(() => act(id));
      } catch (error) {
        failed.push(id);
        cause = error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length > 0) throw new SomeFailed(failed, cause);
}

async function patiently(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'RATE_LIMITED') throw error;
      const { retryAfter } = error;
      await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 1) * 1000));
    }
  }
}
