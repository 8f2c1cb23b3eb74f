import type { MessageId } from '../table/messages.ts'

/** A value that was read, or why it could not be. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** Message of another kind than "invalid value for tag". */
      readonly message?: MessageId
      /** In words; never key material. */
      readonly what: string
      readonly nearest?: string
    }

export function read<T>(value: T): Reading<T> {
  return { ok: true, value }
}

export function refused(
  what: string,
  more: { readonly message?: MessageId; readonly nearest?: string | undefined } = {},
): Reading<never> {
  const { message, nearest } = more
  return {
    ok: false,
    what,
    ...(message === undefined ? {} : { message }),
    ...(nearest === undefined ? {} : { nearest }),
  }
}
