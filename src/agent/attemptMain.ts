import { stateDirectoryOf } from '../stores/stateDirectory.ts'
import { realAttemptTools } from './attemptTools.ts'
import { serveAttempt } from './serveAttempt.ts'

/** Entry of the process that works on policy. First argument: the state directory. */
serveAttempt(realAttemptTools(stateDirectoryOf(process.argv[2], process.env)))
