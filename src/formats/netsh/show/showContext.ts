import type { StoreArea } from '../../../policy/storedObject.ts'

/** What a listing needs from outside. */
export interface ShowContext {
  /** Name of this computer, printed beside the store. */
  readonly machine: string
  /** A time in the user's way, from seconds since 1970-01-01 UTC. */
  readonly formatTime: (seconds: number) => string
  /** Name of an address, for `resolvedns=yes`; without it names are not looked up. */
  readonly dnsNameOf?: (address: string) => string | undefined
  /** Preshared keys are printed as Windows does it, and not as `[secret]`. */
  readonly showsKeys?: boolean
}

/** How one listing is to look. */
export interface Look {
  readonly area: StoreArea
  readonly context: ShowContext
  readonly isVerbose: boolean
  readonly isTable: boolean
  readonly isWide: boolean
  readonly resolvesNames: boolean
}
