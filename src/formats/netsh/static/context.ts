import type { AuthorContext } from '../../object-store/index.ts'
import type { ShowContext } from '../show/showContext.ts'

/** What a session needs from outside. */
export interface SessionContext extends Pick<AuthorContext, 'newId' | 'whenChanged'>, ShowContext {
  /** Lists and actions that only a deleted policy used stay when they have a name; Windows removes them [R]. */
  readonly keepsShared?: boolean
}
