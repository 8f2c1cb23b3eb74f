export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/**
 * The script that makes a shell ask `polagent complete` what may stand at the cursor. The answer is one candidate a
 * line, a tab and its description behind it; a last line of a single colon asks for file names as well.
 */
export const completionScript: Record<Shell, string> = {
  bash: `# bash completion for polagent
_polagent() {
  local cur=\${COMP_WORDS[COMP_CWORD]} line files=
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  local IFS=$'\\n'
  COMPREPLY=()
  # What is typed so far may be quoted in either way.
  line=\${cur#[\\"\\']}
  words[COMP_CWORD-1]=\${line//\\\\/}
  while IFS= read -r line; do
    if [ "$line" = : ]; then files=yes; continue; fi
    line=\${line%%$'\\t'*}
    case $cur in
      [\\"\\']*) COMPREPLY+=("$line") ;;
      *) COMPREPLY+=("$(printf %q "$line")") ;;
    esac
  done < <("\${COMP_WORDS[0]}" complete -- "\${words[@]}" 2>/dev/null)
  if [ -n "$files" ]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
  fi
}
complete -F _polagent polagent ./polagent
`,
  zsh: `#compdef polagent
# zsh completion for polagent
_polagent() {
  local line files= value
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == : ]]; then files=yes; continue; fi
    value=\${line%%$'\\t'*}
    if [[ $line == *$'\\t'* ]]; then
      candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
    else
      candidates+=("\${value//:/\\\\:}")
    fi
  done < <("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then _describe polagent candidates; fi
  if [[ -n $files ]]; then _files; fi
}
compdef _polagent polagent ./polagent
`,
  fish: `# fish completion for polagent
function __polagent_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -l lines ($program complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    for line in $lines
        if test "$line" = :
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c polagent -f -a '(__polagent_complete)'
`,
}
