/**
 * What a shell reads so that Tab completes `hiso`. The words go to `hiso complete` as arguments,
 * never through the shell's parser again: what stands in a command line is not run by Tab.
 */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof shells)[number]

export const completionScripts: Readonly<Record<Shell, string>> = {
  // Bash ends words at = and :, so candidates lose what stands before.
  bash: `_hiso() {
  local line=\${COMP_LINE:0:COMP_POINT} current=\${COMP_WORDS[COMP_CWORD]} value
  local whole=\${line##*[[:space:]]}
  [[ $current == "=" || $current == ":" ]] && current=
  local before=\${whole%"$current"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    [[ -n $value ]] && COMPREPLY+=("\${value#"$before"}")
  done < <(hiso complete --line "$line" 2>/dev/null)
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
  return 0
}
complete -o default -F _hiso hiso
`,
  zsh: `#compdef hiso
_hiso() {
  local -a values shown open openShown
  local line value
  for line in "\${(@f)$(hiso complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*}
    [[ -z $value ]] && continue
    line=\${line/$'\\t'/ -- }
    if [[ $value == *= ]]; then open+=("$value"); openShown+=("$line")
    else values+=("$value"); shown+=("$line"); fi
  done
  if (( $#values + $#open == 0 )); then _files; return; fi
  (( $#values )) && compadd -l -d shown -a values
  (( $#open )) && compadd -S '' -l -d openShown -a open
  return 0
}
(( $+functions[compdef] )) && compdef _hiso hiso
`,
  fish: `function __hiso_complete
  set -l words (commandline -opc)
  set -l found (hiso complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c hiso -f -a '(__hiso_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName hiso -ScriptBlock {
  param($word, $ast, $position)
  $line = $ast.ToString().PadRight($position - $ast.Extent.StartOffset)
  hiso complete --line $line 2>$null | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
  }
}
`,
}
