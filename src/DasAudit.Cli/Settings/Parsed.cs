using DasAudit.Abstractions;

namespace DasAudit.Cli.Settings;

/// <summary>Turns the refusals of parsers into those of settings.</summary>
internal static class Parsed
{
    /// <summary>What a parser makes of a text.</summary>
    /// <exception cref="FormatException">It throws an <see cref="AuditException"/>.</exception>
    public static T Of<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (AuditException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
