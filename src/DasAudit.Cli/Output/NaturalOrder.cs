using System.Text.RegularExpressions;

namespace DasAudit.Cli.Output;

/// <summary>The order in which people expect file names: <c>seed-2.png</c> before <c>seed-10.png</c>.</summary>
internal static partial class NaturalOrder
{
    // As many digits as the largest long; longer numbers come in ordinal order.
    private const int Digits = 19;

    /// <summary>Orders by name; a number within a name counts as a number.</summary>
    public static IOrderedEnumerable<T> OrderNaturally<T>(this IEnumerable<T> items, Func<T, string> name) =>
        items.OrderBy(item => Padded(name(item)), StringComparer.Ordinal).ThenBy(name, StringComparer.Ordinal);

    private static string Padded(string name) =>
        NumberPattern().Replace(name, number => number.Value.PadLeft(Digits, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex NumberPattern();
}
