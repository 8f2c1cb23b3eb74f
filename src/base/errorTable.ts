/** A row of the error table. `exit` is the process exit status, `win32` the code audit events carry. */
export interface ErrorRow {
  readonly title: string
  readonly advice: string
  readonly exit: 2 | 3 | 4 | 5
  readonly win32?: number
}

/**
 * Every failure polagent can report, by stable code. The reference page docs/errors.md is made from this table and
 * a test compares the two. Add rows; never change the meaning of an existing code.
 */
export const errorTable = {
  // Blobs (ipsecData)
  BLOB_TRUNCATED: {
    title: 'The object data ends too early',
    advice: 'The object was cut short. Restore it from a backup, or delete it and make it anew.',
    exit: 3,
    win32: 13,
  },
  BLOB_WRONG_SIGNATURE: {
    title: 'The object data is of another kind',
    advice: 'The data belongs to another class of object. Restore the object from a backup.',
    exit: 3,
    win32: 13,
  },
  BLOB_MALFORMED: {
    title: 'The object data is malformed',
    advice: 'Restore the object from a backup, or delete it and make it anew.',
    exit: 3,
    win32: 13,
  },
  // Input files
  INPUT_UNREADABLE: {
    title: 'The input cannot be read',
    advice: 'Check that the path is right and that you may read it.',
    exit: 3,
    win32: 2,
  },
  INPUT_ACCESS_DENIED: {
    title: 'Access to the input is denied',
    advice: 'Run as a user who may read the file, or change its permissions.',
    exit: 3,
    win32: 5,
  },
  INPUT_NOT_A_FILE: {
    title: 'The input is not a regular file',
    advice: 'Give the path of a file, or `-` for standard input.',
    exit: 3,
    win32: 2,
  },
  INPUT_TOO_LARGE: {
    title: 'The input is larger than polagent reads',
    advice: 'Cut the file down to the IPSec key (for example with `reg export`), and read that.',
    exit: 3,
    win32: 8,
  },
  INPUT_UNRECOGNISED: {
    title: 'The input is of no known format',
    advice:
      'polagent reads registry hives, .reg text, batch files with reg add or netsh, netsh scripts, .ipsec exports, LDIF, and policy documents in JSON or YAML.',
    exit: 3,
    win32: 13,
  },
  INPUT_NO_POLICY: {
    title: 'The input holds no IPsec policy objects',
    advice: 'Check that the right file or key was exported: HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec.',
    exit: 3,
    win32: 2,
  },
  // Policy documents
  DOCUMENT_SYNTAX: {
    title: 'The policy document cannot be read as text of its kind',
    advice: 'Correct the line that is named; an editor that knows YAML or JSON shows the place.',
    exit: 3,
    win32: 13,
  },
  DOCUMENT_INVALID: {
    title: 'The policy document does not say a policy',
    advice: 'Correct the line that is named; docs/policy-document.md describes every field.',
    exit: 3,
    win32: 13,
  },
  HOST_FILE_WRONG: {
    title: 'The file with facts of a host is not as it should be',
    advice: 'It is JSON as docs/schema/host.schema.json says, for example { "addresses": ["192.0.2.10"] }.',
    exit: 3,
    win32: 13,
  },
  // Registry hives
  HIVE_NOT_A_HIVE: {
    title: 'The input is no registry hive',
    advice: 'Give a hive file such as SOFTWARE, or a .reg export.',
    exit: 3,
    win32: 1009,
  },
  HIVE_IS_A_LOG: {
    title: 'The input is the transaction log of a registry hive, not the hive',
    advice: 'Give the hive itself; its .LOG, .LOG1 and .LOG2 are read from beside it.',
    exit: 3,
    win32: 1009,
  },
  HIVE_DAMAGED: {
    title: 'The registry hive is damaged beyond use',
    advice: 'Restore the file from a backup.',
    exit: 3,
    win32: 1015,
  },
  HIVE_UNWRITABLE: {
    title: 'The registry tree does not fit a hive',
    advice: 'Rename or leave out the key that is named.',
    exit: 3,
    win32: 87,
  },
  PROCESS_TOO_LARGE: {
    title: 'The policy is too large to process',
    advice: 'Large filter lists that many rules share multiply; give each rule a list of its own, or fewer filters.',
    exit: 3,
    win32: 14,
  },
  // Local store and agent
  STATE_DIRECTORY_UNUSABLE: {
    title: 'The state directory cannot be used',
    advice: 'Check that it exists and that you may write it, or name another with --state-dir.',
    exit: 4,
    win32: 5,
  },
  STORE_MISSING: {
    title: 'There is no local store',
    advice: 'Fill it with `polagent import SOURCE`, or name the right directory with --state-dir.',
    exit: 3,
    win32: 2,
  },
  STORE_DAMAGED: {
    title: 'The local store is damaged and is not changed',
    advice:
      'Go back with `polagent restore --last`, or convert what can still be read (`polagent convert`) and import that.',
    exit: 4,
    win32: 1015,
  },
  STORE_BUSY: {
    title: 'Another process is changing the local store',
    advice: 'Try again when it has finished, or wait longer with --wait SECONDS.',
    exit: 4,
    win32: 170,
  },
  STORE_NOT_WRITTEN: {
    title: 'The local store could not be written and is unchanged',
    advice: 'Check free space and permissions of the state directory, and try again.',
    exit: 4,
    win32: 29,
  },
  GENERATION_NOT_FOUND: {
    title: 'There is no such generation of the local store',
    advice: 'See `polagent history` for the generations that are kept.',
    exit: 3,
    win32: 2,
  },
  POLICY_ASSIGNED: {
    title: 'The policy is assigned',
    advice: 'Unassign it first with `polagent unassign`, or say --force.',
    exit: 4,
  },
  POLICY_NAME_AMBIGUOUS: {
    title: 'Several policies have this name',
    advice: 'Give the id in braces instead; see `polagent show local`.',
    exit: 3,
  },
  AGENT_NOT_RUNNING: {
    title: 'No agent is running on this state directory',
    advice: 'Start it with `polagent run`, or name the right directory with --state-dir.',
    exit: 5,
    win32: 1062,
  },
  AGENT_ALREADY_RUNNING: {
    title: 'An agent is already running on this state directory',
    advice: 'Stop it first, or give this one a state directory of its own with --state-dir.',
    exit: 4,
    win32: 1056,
  },
  AGENT_MODE_UNAVAILABLE: {
    title: 'The agent cannot enforce policy yet',
    advice: 'Run it with --observe: it processes the policy and says what it would do.',
    exit: 4,
    win32: 50,
  },
  AGENT_ACCESS_DENIED: {
    title: 'The agent may not be asked by this user',
    advice: 'Run as the user the agent runs as, as root, or as a member of the group polagent where there is one.',
    exit: 4,
    win32: 5,
  },
  CONTROL_FAILED: {
    title: 'The agent did not answer as it should',
    advice: 'Check that agent and command are of the same version, and look at the output of the agent.',
    exit: 4,
  },
  OUT_OF_MEMORY: {
    title: 'The policy needs more memory than there is',
    advice: 'Raise --memory-limit or the limit of the service, or make the policy smaller.',
    exit: 4,
    win32: 14,
  },
  // Event log
  AUDIT_LOG_MISSING: {
    title: 'There is no event log',
    advice: 'It begins when `polagent run` first writes an event; name the right directory with --state-dir.',
    exit: 3,
    win32: 2,
  },
  AUDIT_LOG_UNREADABLE: {
    title: 'The event log cannot be read',
    advice: 'Run as a user who may read it, or change its permissions.',
    exit: 3,
    win32: 5,
  },
  AUDIT_NOT_A_LOG: {
    title: 'The file is no event log of polagent',
    advice: 'Give the events.db of a state directory. When it is that, it is damaged, and the agent begins a new one.',
    exit: 3,
    win32: 1500,
  },
  AUDIT_LOG_DAMAGED: {
    title: 'The event log is damaged',
    advice:
      'The agent moves it aside and begins a new one the next time it writes an event; restore older events from a backup.',
    exit: 3,
    win32: 1500,
  },
  AUDIT_LOG_NEWER: {
    title: 'The event log was written by a newer polagent',
    advice: 'Read it with that version, or update this one.',
    exit: 3,
    win32: 1306,
  },
  AUDIT_LOG_NOT_WRITTEN: {
    title: 'The event log cannot be written',
    advice: 'Check that the state directory exists and that you may write it.',
    exit: 4,
    win32: 29,
  },
  AUDIT_DISK_FULL: {
    title: 'The event log cannot grow: the disk is full',
    advice: 'Free space on the file system of the state directory; what is logged already is not lost.',
    exit: 4,
    win32: 112,
  },
  AUDIT_LOG_BUSY: {
    title: 'Another process is writing the event log',
    advice: 'Try again when it has finished.',
    exit: 4,
    win32: 170,
  },
  // Authoring and editing of stored objects
  OBJECT_NOT_STORABLE: {
    title: 'A stored object cannot say this',
    advice: 'Change what is asked for; the sentence tells what an IPsec policy object has no form for.',
    exit: 3,
    win32: 87,
  },
  // Command line
  USAGE: {
    title: 'Wrong usage',
    advice: 'See `polagent help`.',
    exit: 2,
  },
  NOT_FOUND: {
    title: 'No such object',
    advice: 'See `polagent show` for what there is.',
    exit: 3,
    win32: 2,
  },
  OUTPUT_FAILED: {
    title: 'The output cannot be written',
    advice: 'Check free space and permissions of the target directory.',
    exit: 4,
    win32: 29,
  },
  FORMAT_CANNOT_SAY: {
    title: 'The format has no way to say this',
    advice: 'Write another format (a hive holds everything), or registry text of version 5 in UTF-16.',
    exit: 3,
    win32: 50,
  },
  INTERNAL: {
    title: 'polagent failed in a way it should not',
    advice: 'Please report this with the input that caused it.',
    exit: 4,
    win32: 1359,
  },
} as const satisfies Record<string, ErrorRow>
