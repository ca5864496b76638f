using System.Globalization;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>A horizontal bar with its uncertainty, as inline SVG in per cent of the width it is given.</summary>
internal static class Bar
{
    /// <summary>All are parts of the width; null for no uncertainty, and for no mark of comparison.</summary>
    internal static void Write(HtmlWriter html, string color, double value, double? low, double? high, double? mark)
    {
        // The figures beside the bar say the same; a screen reader need not hear it twice.
        using var svg = html.Open(
            "svg",
            ("class", $"bar {color}"),
            ("width", "100%"),
            ("height", "16"),
            ("aria-hidden", "true"),
            ("focusable", "false")
        );
        Rectangle("track", 1);
        Rectangle("value", value);
        if (mark is { } at)
            Line("mark", at, 0, at, 16);
        if (low is not { } from || high is not { } to)
            return;
        Line("error-halo", from, 8, to, 8);
        Line("error", from, 8, to, 8);
        Line("error", from, 5, from, 11);
        Line("error", to, 5, to, 11);

        void Rectangle(string name, double width) =>
            html.Element(
                "rect",
                "",
                ("class", name),
                ("y", "2"),
                ("height", "12"),
                ("rx", "2"),
                ("width", Percent(width))
            );

        void Line(string name, double x1, int y1, double x2, int y2) =>
            html.Element(
                "line",
                "",
                ("class", name),
                ("x1", Percent(x1)),
                ("y1", $"{y1}"),
                ("x2", Percent(x2)),
                ("y2", $"{y2}")
            );
    }

    private static string Percent(double part) =>
        (100 * Math.Clamp(part, 0, 1)).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
