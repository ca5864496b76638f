using System.Globalization;
using DasAudit.Abstractions;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Reads damping rules.</summary>
public static class DampingRules
{
    /// <summary>The default, <c>df:0.1</c>.</summary>
    public static IDampingRule Default { get; } = new DegreesOfFreedom();

    /// <summary>Reads <c>df:C</c>.</summary>
    /// <exception cref="AuditException">The text is not that.</exception>
    public static IDampingRule Parse(string text)
    {
        if (text is not null && text.StartsWith("df:", StringComparison.Ordinal)
            && double.TryParse(text[3..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and < 1)
            return new DegreesOfFreedom(fraction);
        throw new AuditException($"'{text}' is no damping rule; write df:C with C between 0 and 1, such as df:0.1.");
    }
}
