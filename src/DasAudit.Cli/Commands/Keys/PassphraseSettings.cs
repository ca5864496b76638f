using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;

namespace DasAudit.Cli.Commands.Keys;

/// <summary>Where passphrases of private keys come from; never from the command line, which others can see.</summary>
internal sealed class PassphraseSettings(ISecretPrompt prompt)
{
    /// <summary>What the help says.</summary>
    public const string Explanation =
        "A passphrase comes from the first line of --passphrase-file, or from the variable "
        + UnknownVariables.Passphrase
        + ", or is asked for on the terminal. It never stands on the command line.";

    public Setting<string?> File { get; } =
        Setting.Text("--passphrase-file", "FILE", "A file whose first line is the passphrase of the private keys");

    /// <summary>The passphrase of a key.</summary>
    /// <param name="isNew">Whether it is asked for twice.</param>
    public string Read(Invocation invocation, string key, bool isNew)
    {
        var given = Given(invocation);
        var passphrase = given ?? prompt.Ask($"Passphrase of the key '{key}'");
        if (string.IsNullOrEmpty(passphrase))
            throw new UsageException(
                given is null
                    ? $"The key '{key}' needs a passphrase; give --passphrase-file FILE or set "
                        + $"{UnknownVariables.Passphrase}."
                    : "The passphrase is empty; the file's first line must hold it."
            );
        if (given is null && isNew && prompt.Ask("The same again") != passphrase)
            throw new AuditException("The two passphrases are not the same; no key was made. Try again.");
        return passphrase;
    }

    private string? Given(Invocation invocation)
    {
        if (invocation.Get(File) is not { } file)
            return invocation.Surroundings.Variable(UnknownVariables.Passphrase);
        using var reader = new StreamReader(invocation.Resolve(file));
        return reader.ReadLine() ?? "";
    }
}
