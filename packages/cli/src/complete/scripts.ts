/** The shells that completion is for. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

// Each asks `portcullis complete -- WORDS`, whose last line is `:DIRECTIVE`.

const bash = `# bash completion of portcullis; works from bash 3.2 on.
_portcullis() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="" prefix="" directive=0 reply word
  local -a typed=()
  # COMP_WORDS is cut at ":" and "=" too; our words are not.
  read -ra typed <<<"$line"
  [[ "$line" == *[[:space:]] ]] && typed+=("")
  current="\${typed[\${#typed[@]}-1]}"
  COMPREPLY=()
  while IFS= read -r reply; do
    if [[ "$reply" == :[0-9]* ]]; then
      directive="\${reply#:}"
    else
      COMPREPLY+=("\${reply%%$'\\t'*}")
    fi
  done < <("\${typed[0]}" complete -- "\${typed[@]:1}" 2>/dev/null)
  # Readline replaces what stands behind the last break only.
  for word in : =; do
    if [[ "$COMP_WORDBREAKS" == *"$word"* && "$current" == *"$word"* ]]; then
      word="\${current%"\${current##*"$word"}"}"
      [[ \${#word} -gt \${#prefix} ]] && prefix="$word"
    fi
  done
  COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((\${#COMPREPLY[@]} == 0 && (directive & 4) == 0)); then
    COMPREPLY=($(compgen -f -- "\${current##*=}"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _portcullis portcullis kubectl-portcullis
`;

const zsh = `#compdef portcullis kubectl-portcullis
# zsh completion of portcullis.
_portcullis() {
  local -a lines described
  local line directive=0
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${lines[@]}"; do
    if [[ "$line" == :<-> ]]; then
      directive="\${line#:}"
    elif [[ "$line" == *$'\\t'* ]]; then
      described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    elif [[ -n "$line" ]]; then
      described+=("\${line//:/\\\\:}")
    fi
  done
  if ((\${#described} > 0)); then
    if ((directive & 2)); then _describe portcullis described -S ''; else _describe portcullis described; fi
  elif (((directive & 4) == 0)); then
    _files
  fi
}
compdef _portcullis portcullis kubectl-portcullis
`;

const fish = `# fish completion of portcullis.
function __portcullis_complete
  set -l typed (commandline -opc)
  set -l current (commandline -ct)
  set -l program $typed[1]
  set -e typed[1]
  set -l lines ($program complete -- $typed $current 2>/dev/null)
  set -l directive (string replace : '' -- $lines[-1])
  set -e lines[-1]
  if test (count $lines) -gt 0
    printf '%s\\n' $lines
  else if test "$directive" = 0
    __fish_complete_path $current
  end
end
complete -c portcullis -f -a '(__portcullis_complete)'
complete -c kubectl-portcullis -f -a '(__portcullis_complete)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
