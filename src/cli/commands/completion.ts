import { type Command, Argument } from 'commander'
import type { CommandModule } from '../commandTable.ts'
import { completionScript, type Shell, shells } from '../completionScripts.ts'
import type { Io } from '../io.ts'

export const command: CommandModule = {
  define: (completion: Command, io: Io) => {
    completion
      .addArgument(new Argument('<shell>', 'the shell that shall complete').choices(shells))
      .action((shell: Shell) => io.out(completionScript[shell]))
  },
  examples: [
    { line: 'polagent completion bash > /etc/bash_completion.d/polagent', does: 'for every user of bash' },
    { line: 'source <(polagent completion zsh)', does: 'for this zsh' },
    { line: 'polagent completion fish > ~/.config/fish/completions/polagent.fish', does: 'for fish' },
  ],
}
