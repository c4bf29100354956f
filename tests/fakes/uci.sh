# A small UCI for tests, read into the shell before the script: values by key in the file $UCI_DB, one a line. It uses
# only what is built into a shell, because starting processes would take most of the test's time.

uci() {
  if [ "$1" = -q ]; then shift; fi
  uci_command=$1; shift
  case $uci_command in
    get) uci_get "$1" ;;
    set) uci_without "${1%%=*}" value; printf '%s\n' "$1" >>"$UCI_DB" ;;
    add_list) printf '%s\n' "$1" >>"$UCI_DB" ;;
    add) uci_add "$1" "$2" ;;
    delete) uci_key=$(uci_named "$1") || return 1; uci_get "$uci_key" >/dev/null || return 1; uci_without "$uci_key" all ;;
    show) uci_show "$1" ;;
    batch) uci_batch ;;
    commit) return 0 ;;
    *) return 1 ;;
  esac
}

# Commands from standard input, one a line, values between single quotes or bare.
uci_batch() {
  while IFS= read -r uci_given; do
    uci_rest=${uci_given#* }
    case $uci_rest in *"='"*"'") uci_rest=${uci_rest%\'}; uci_rest="${uci_rest%%=\'*}=${uci_rest#*=\'}" ;; esac
    uci "${uci_given%% *}" "$uci_rest"
  done
}

# The name of an anonymous section: the first of its type.
uci_named() {
  case $1 in
    'ntpclient.@ntpserver[0]'*)
      while IFS= read -r uci_line; do
        case $uci_line in ntpclient.*=ntpserver) uci_name=${uci_line%=ntpserver}; printf '%s' "$uci_name${1#*]}"; return 0 ;; esac
      done <"$UCI_DB"
      return 1 ;;
    *) printf '%s' "$1" ;;
  esac
}

uci_get() {
  uci_wanted=$(uci_named "$1") || return 1
  while IFS= read -r uci_line; do
    if [ "${uci_line%%=*}" = "$uci_wanted" ]; then printf '%s\n' "${uci_line#*=}"; return 0; fi
  done <"$UCI_DB"
  return 1
}

uci_add() {
  uci_count=0
  while IFS= read -r uci_line; do uci_count=$((uci_count + 1)); done <"$UCI_DB"
  printf '%s.cfg%s=%s\n' "$1" "$uci_count" "$2" >>"$UCI_DB"
  printf 'cfg%s\n' "$uci_count"
}

# Everything but a key ($1) and, where all of it goes, what belongs to it.
uci_without() {
  uci_kept=''
  while IFS= read -r uci_line; do
    case ${uci_line%%=*} in
      "$1") continue ;;
      "$1".*) if [ "$2" = all ]; then continue; fi ;;
    esac
    uci_kept="$uci_kept$uci_line
"
  done <"$UCI_DB"
  printf '%s' "$uci_kept" >"$UCI_DB"
}

uci_show() {
  uci_found=1
  while IFS= read -r uci_line; do
    case $uci_line in
      "$1".*.*=*) printf "%s='%s'\n" "${uci_line%%=*}" "${uci_line#*=}"; uci_found=0 ;;
      "$1".*) printf '%s\n' "$uci_line"; uci_found=0 ;;
    esac
  done <"$UCI_DB"
  return "$uci_found"
}
