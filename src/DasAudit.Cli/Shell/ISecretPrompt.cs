namespace DasAudit.Cli.Shell;

/// <summary>Asks a person for what nobody else may see.</summary>
internal interface ISecretPrompt
{
    /// <summary>What the person typed, which is not shown; null where there is no person to ask.</summary>
    string? Ask(string question);
}
