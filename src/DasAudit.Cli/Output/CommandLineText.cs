namespace DasAudit.Cli.Output;

internal static class CommandLineText
{
    /// <summary>An argument as shells take it: in quotes unless it is letters, digits and marks of paths.</summary>
    public static string Argument(string text) => IsPlain(text) ? text : $"\"{text}\"";

    /// <summary>An argument as a POSIX shell takes it, whatever is in it.</summary>
    public static string PosixArgument(string text) =>
        IsPlain(text) && !text.Contains('\\', StringComparison.Ordinal)
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || "._-/\\:+,@".Contains(c, StringComparison.Ordinal));
}
