#include "completion.h"

#include <stdexcept>

namespace lobule {
namespace {

enum class ValueKind { none, word, number, file };

struct Completed {
  std::vector<std::string> names;  // with dashes; none: a positional argument
  std::string description;
  ValueKind kind = ValueKind::none;
  std::vector<std::string> words;  // that a value may be
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return parts;
}

/// CLI11 tells what a value may be in its type's name alone: "INT:INT in [1 - 65536]", "TEXT:{adam,adamw}".
Completed describe(const CLI::Option& option) {
  Completed completed;
  for (const std::string& name : option.get_snames()) completed.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) completed.names.push_back("--" + name);
  completed.description = option.get_description();
  if (option.get_items_expected_max() == 0) return completed;
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  if (open != std::string::npos) {
    completed.kind = ValueKind::word;
    completed.words = split(type.substr(open + 1, type.find('}') - open - 1), ',');
  } else {
    completed.kind = type.starts_with("TEXT") ? ValueKind::file : ValueKind::number;
  }
  return completed;
}

std::vector<Completed> describe_options(const CLI::App& app) {
  std::vector<Completed> all;
  for (const CLI::Option* option : app.get_options()) all.push_back(describe(*option));
  return all;
}

std::vector<const CLI::App*> subcommands(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

/// In single quotes, for bash and zsh.
std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// In single quotes, for fish.
std::string fish_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += (c == '\'' || c == '\\' ? "\\" : "") + std::string(1, c);
  return result + "'";
}

std::string bash_case(const std::string& command, const std::vector<Completed>& options) {
  std::string names;
  std::string arguments;
  std::string cases;
  for (const Completed& option : options) {
    if (option.names.empty()) {
      if (option.kind == ValueKind::word) arguments += " " + joined(option.words, " ");
      continue;
    }
    names += " " + joined(option.names, " ");
    if (option.kind == ValueKind::none) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) patterns.push_back(shell_quoted(command + " " + name));
    cases += "    " + joined(patterns, "|") + ") ";
    if (option.kind == ValueKind::word) cases += "words=" + shell_quoted(joined(option.words, " ")) + " ;;\n";
    if (option.kind == ValueKind::number) cases += "compopt +o default 2>/dev/null ;;\n";
    if (option.kind == ValueKind::file) cases += ";;\n";
  }
  return cases + "    " + shell_quoted(command + " ") + "*) if [[ $current == -* ]]; then words=" + shell_quoted(names) +
         "; else words=" + shell_quoted(arguments) + "; fi ;;\n";
}

std::string bash_script(const CLI::App& program) {
  std::string script = R"sh(# bash completion for lobule: eval "$(lobule completion bash)", in ~/.bashrc to have it always
_lobule() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i
  if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi # --option=value comes as three words
  if [[ $current == = ]]; then current=''; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      command=${COMP_WORDS[i]}
      break
    fi
  done
  COMPREPLY=()
  case "$command $previous" in
)sh";
  std::string top;
  for (const CLI::App* command : subcommands(program)) {
    script += bash_case(command->get_name(), describe_options(*command));
    top += " " + command->get_name();
  }
  for (const Completed& option : describe_options(program)) top += " " + joined(option.names, " ");
  script += "    ' '*) words=" + shell_quoted(top) + " ;;\n";
  return script + R"sh(  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _lobule lobule
)sh";
}

/// Where a colon or a bracket would end the text.
std::string zsh_escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += (std::string(":[]\\").find(c) == std::string::npos ? "" : "\\") + std::string(1, c);
  return result;
}

std::string zsh_action(const Completed& option) {
  if (option.kind == ValueKind::word) return "(" + joined(option.words, " ") + ")";
  return option.kind == ValueKind::file ? "_files" : " ";
}

std::string zsh_arguments(const std::vector<Completed>& options) {
  std::string text;
  for (const Completed& option : options) {
    if (option.names.empty()) {
      text += " \\\n        " + shell_quoted("*:" + zsh_escaped(option.description) + ":" + zsh_action(option));
      continue;
    }
    for (const std::string& name : option.names) {
      std::string spec = name + (option.kind != ValueKind::none && name.starts_with("--") ? "=" : "") + "[" + zsh_escaped(option.description) + "]";
      if (option.kind != ValueKind::none) spec += ":value:" + zsh_action(option);
      text += " \\\n        " + shell_quoted(spec);
    }
  }
  return text;
}

std::string zsh_script(const CLI::App& program) {
  std::string commands;
  std::string cases;
  for (const CLI::App* command : subcommands(program)) {
    commands += "    " + shell_quoted(command->get_name() + ":" + zsh_escaped(command->get_description())) + "\n";
    cases += "    " + command->get_name() + ")\n      _arguments" + zsh_arguments(describe_options(*command)) + "\n      ;;\n";
  }
  return "#compdef lobule\n# zsh completion for lobule: eval \"$(lobule completion zsh)\" behind compinit, in ~/.zshrc to have it always\n_lobule() {\n"
         "  local -a commands\n  commands=(\n" +
         commands +
         "  )\n  if ((CURRENT == 2)); then\n    _describe command commands\n    return\n  fi\n  local command=$words[2]\n"
         "  shift words\n  ((CURRENT--))\n  case $command in\n" +
         cases + "  esac\n}\ncompdef _lobule lobule\n";
}

std::string fish_option(const std::string& condition, const Completed& option) {
  std::string line = "complete -c lobule -n " + fish_quoted(condition);
  for (const std::string& name : option.names) line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.kind == ValueKind::word) line += (option.names.empty() ? " -f -a " : " -x -a ") + fish_quoted(joined(option.words, " "));
  if (option.kind == ValueKind::number) line += " -x";
  if (option.kind == ValueKind::file) line += " -r -F";
  return line + " -d " + fish_quoted(option.description) + "\n";
}

std::string fish_script(const CLI::App& program) {
  std::string script = "# fish completion for lobule: lobule completion fish | source, in ~/.config/fish/config.fish to have it always\n";
  for (const Completed& option : describe_options(program)) script += fish_option("__fish_use_subcommand", option);
  for (const CLI::App* command : subcommands(program)) {
    script += "complete -c lobule -n __fish_use_subcommand -f -a " + command->get_name() + " -d " + fish_quoted(command->get_description()) + "\n";
    for (const Completed& option : describe_options(*command)) script += fish_option("__fish_seen_subcommand_from " + command->get_name(), option);
  }
  return script;
}

}  // namespace

std::string completion_script(const CLI::App& program, const std::string& shell) {
  if (shell == "bash") return bash_script(program);
  if (shell == "zsh") return zsh_script(program);
  if (shell == "fish") return fish_script(program);
  throw std::logic_error("completion_script: " + shell);
}

}  // namespace lobule
