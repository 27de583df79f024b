//! What a shell is given: completions and manual pages.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::output;

/// Options of `songmood completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Where completions go:
  bash        songmood completions bash > ~/.local/share/bash-completion/completions/songmood
  zsh         songmood completions zsh > a folder of $fpath, as _songmood
  fish        songmood completions fish > ~/.config/fish/completions/songmood.fish
  PowerShell  songmood completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Options of `songmood man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  songmood man | man -l -                        read it
  songmood man --out ~/.local/share/man/man1     install it, with a page for each command")]
pub struct ManArgs {
    /// The page of this command instead of the one of songmood
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    command: Option<String>,
    /// Write all pages into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the completions of `program`.
pub fn completions(args: &CompletionsArgs, mut program: Command) {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "songmood", &mut script);
    output::text(&script);
}

/// Prints a manual page of `program`, or writes them all.
///
/// # Errors
/// When there is no such command, or the pages cannot be written.
pub fn man(args: &ManArgs, program: Command) -> anyhow::Result<()> {
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(program, folder))
            .with_context(|| format!("cannot write manual pages to {}", folder.display()))?;
        return Ok(());
    }
    let mut program = program;
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => {
            let known = || program.get_subcommands().map(|command| command.get_name()).collect::<Vec<_>>().join(", ");
            let command = program.find_subcommand(name);
            command.with_context(|| format!("there is no command {name}; there are {}", known()))?.clone()
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text)?;
    text.flush()?;
    output::text(&text);
    Ok(())
}
