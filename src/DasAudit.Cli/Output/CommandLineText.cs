namespace DasAudit.Cli.Output;

internal static class CommandLineText
{
    /// <summary>An argument as shells take it: in quotes unless it is letters, digits and marks of paths.</summary>
    public static string Argument(string text) =>
        text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || "._-/\\:+,@".Contains(c, StringComparison.Ordinal))
            ? text
            : $"\"{text}\"";
}
