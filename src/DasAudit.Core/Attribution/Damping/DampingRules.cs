using System.Globalization;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>Reads damping rules.</summary>
public static class DampingRules
{
    /// <summary>The default, <c>df:0.1</c>.</summary>
    public static IDampingRule Default { get; } = new DegreesOfFreedom();

    /// <summary>Reads df:C, trace:C, fixed:λ, recall, gcv, band or band:LOW-HIGH.</summary>
    /// <exception cref="AuditException">The text is none of them.</exception>
    public static IDampingRule Parse(string text)
    {
        var parts = (text ?? "").Split(':');
        return parts switch
        {
            ["df", var number] when Number(number) is > 0 and < 1 and var fraction => new DegreesOfFreedom(fraction),
            ["trace", var number] when Number(number) is > 0 and var factor => new MeanEigenvalue(factor),
            ["fixed", var number] when Number(number) is >= 0 and var damping => new FixedDamping(damping),
            ["recall"] => new Recall(),
            ["gcv"] => new CrossValidation(),
            ["band"] => new DampingBand(),
            ["band", var range] when Band(range) is { } band => band,
            _ => throw new AuditException(
                $"'{text}' is no damping rule; write df:C with C between 0 and 1 (such as df:0.1), trace:C with C more "
                    + "than 0, fixed:λ with λ at least 0, recall, gcv, band, or band:LOW-HIGH with 0 < LOW < HIGH < 1."
            ),
        };
    }

    private static DampingBand? Band(string range)
    {
        var ends = range.Split('-');
        if (ends.Length != 2)
            return null;
        var low = Number(ends[0]);
        var high = Number(ends[1]);
        return low > 0 && high < 1 && low < high ? new(low.Value, high.Value) : null;
    }

    private static double? Number(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isNumber = double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number);
        return isNumber && double.IsFinite(number) ? number : null;
    }
}
