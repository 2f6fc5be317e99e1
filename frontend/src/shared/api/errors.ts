// What can go wrong between the page and the backend, as one class. Knows the wire's error shape, nothing of the page.
import * as v from 'valibot';

import type { components } from './generated/schema';

/** Codes that only the page can give: no answer came, or what answered was not OmniAI. */
export type PageErrorCode = 'BACKEND_AWAY' | 'TUNNEL_ANSWERED';
export type ApiErrorCode = components['schemas']['Code'] | PageErrorCode;
export type FieldProblem = { field: string; problem: string };

type Facts = {
  code: ApiErrorCode;
  message: string;
  status: number;
  requestId?: string | null;
  retryAfter?: number | null;
  fields?: FieldProblem[];
  generationId?: string | null;
  limit?: number | null;
  cause?: unknown;
};

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly requestId: string | null;
  /** Seconds to wait before another try, where the server named them. */
  readonly retryAfter: number | null;
  readonly fields: readonly FieldProblem[];
  /** The answer that the same request brought before. */
  readonly generationId: string | null;
  /** How many there may be of what there are enough of. */
  readonly limit: number | null;

  constructor({
    code,
    message,
    status,
    requestId = null,
    retryAfter = null,
    fields = [],
    generationId = null,
    limit = null,
    cause,
  }: Facts) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.fields = fields;
    this.generationId = generationId;
    this.limit = limit;
  }
}

const wireError = v.object({
  code: v.string(),
  message: v.string(),
  request_id: v.string(),
  detail: v.optional(
    v.object({
      fields: v.optional(v.array(v.object({ field: v.string(), problem: v.string() }))),
      generation_id: v.optional(v.string()),
      limit: v.optional(v.nullable(v.number())),
    }),
  ),
});

export function backendAway(cause: unknown): ApiError {
  return new ApiError({ code: 'BACKEND_AWAY', message: 'OmniAI at home did not answer.', status: 0, cause });
}

/** What stands between page and backend answered in its place: a tunnel's warning page, a proxy's error page. */
export function tunnelAnswered(status: number): ApiError {
  const message = 'Something between this page and OmniAI answered in its place. The tunnel may be closed.';
  return new ApiError({ code: 'TUNNEL_ANSWERED', message, status });
}

/** Reads a refusal. One that is not in OmniAI's shape did not come from OmniAI. */
export async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = isJson(response) ? await response.json().catch(() => null) : null;
  const parsed = v.safeParse(wireError, body);
  if (!parsed.success) return tunnelAnswered(response.status);
  const { code, message, request_id: requestId, detail } = parsed.output;
  return new ApiError({
    // A code of a newer server than this page still has its message; the page treats what it does not know alike.
    code: code as ApiErrorCode,
    message,
    status: response.status,
    requestId,
    retryAfter: seconds(response.headers.get('retry-after')),
    fields: detail?.fields ?? [],
    generationId: detail?.generation_id ?? null,
    limit: detail?.limit ?? null,
  });
}

export function isJson(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('application/json');
}

function seconds(header: string | null): number | null {
  const value = header === null ? Number.NaN : Number(header);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
