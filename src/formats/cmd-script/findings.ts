import type { TextFindingRow } from '../text/index.ts'

/** What unrolling a batch file notices; which commands depend on a condition stands with the commands. */
export const cmdFindingTable = {
  CMD_LOOP: {
    severity: 'warning',
    title: 'The batch file jumps back, and the lines were read once',
    advice: 'Check that running them again would change nothing, or write them out.',
  },
  CMD_MAY_END: {
    severity: 'warning',
    title: 'The batch file may end here; it was read as though it goes on',
    advice: 'Check that the lines after this one count.',
  },
  CMD_LABEL_MISSING: {
    severity: 'error',
    title: 'The batch file jumps to a label that is not there',
    advice: 'cmd ends the batch file at this line; correct the label if more is meant.',
  },
  CMD_CALL: {
    severity: 'warning',
    title: 'The batch file calls a part of itself or another batch file, which was not followed',
    advice: 'What the called lines build is missing; write them out where they are called.',
  },
  CMD_TOO_MANY: {
    severity: 'error',
    title: 'A loop or a variable makes more than is read',
    advice: 'Write the batch file out, or cut it up.',
  },
  CMD_TOO_DEEP: {
    severity: 'error',
    title: 'Blocks and conditions stand too deep within each other',
    advice: 'The batch file was read up to this line only; make it simpler.',
  },
  CMD_FILE_NEEDED: {
    severity: 'error',
    title: 'A loop reads a file that was not given',
    advice: 'Give that file together with the batch file; what the loop makes of it is missing here.',
  },
  CMD_SYNTAX: {
    severity: 'error',
    title: 'cmd would stop at this line',
    advice: 'Correct the line; nothing after it runs.',
  },
} as const satisfies Record<string, TextFindingRow>

export type CmdFindingCode = keyof typeof cmdFindingTable
