using System.Globalization;
using System.Text.Json;
using ScottPlot;

namespace DasAudit.Benchmarks.Plots;

/// <summary>Draws what <c>evaluate lds --json</c> and <c>evaluate holdout --json</c> found.</summary>
internal static class EvaluationPlot
{
    private const string Font = "DejaVu Sans";
    private const string FontFile = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    private const string DampingMark = " df:";

    /// <summary>Writes SVG; texts are outlines, so that they look alike everywhere.</summary>
    /// <param name="result">The evaluation's JSON.</param>
    public static void Write(string result, string file)
    {
        // Skia without dependencies has no fonts of its own.
        Fonts.AddFontFile(Font, FontFile);
        Fonts.Default = Font;
        using var document = JsonDocument.Parse(File.ReadAllBytes(result));
        var plotted = PlottedResult.Read(document.RootElement);
        using var plot = plotted.Series.Exists(IsDamped) ? Curves(plotted) : Figures(plotted);
        plot.Font.Set(Font);
        plot.SaveSvg(file, 760, plotted.Series.Exists(IsDamped) ? 420 : 90 + 24 * plotted.Methods.Count);
    }

    private static bool IsDamped(PlottedSeries series) => series.Values.Exists(v => v.Method.Contains(DampingMark));

    // A row a method, with a mark and an interval for each truth.
    private static Plot Figures(PlottedResult result)
    {
        var plot = new Plot();
        var rows = result.Methods.Index().ToDictionary(row => row.Item, row => result.Methods.Count - 1.0 - row.Index);
        foreach (var (number, series) in result.Series.Index())
        {
            double[] heights = [.. series.Values.Select(value => rows[value.Method] + 0.25 - 0.25 * number)];
            var marks = plot.Add.ScatterPoints([.. series.Values.Select(value => value.Value)], heights);
            marks.LegendText = series.Name;
            foreach (var (value, height) in series.Values.Zip(heights))
            {
                var interval = plot.Add.Line(value.Low, height, value.High, height);
                interval.Color = marks.Color;
            }
        }
        plot.Axes.Left.SetTicks([.. rows.Values], [.. rows.Keys]);
        plot.Axes.SetLimitsY(-0.6, result.Methods.Count - 0.4);
        plot.Add.VerticalLine(0, color: Colors.Gray);
        plot.XLabel(result.Axis);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.Legend.IsVisible = result.Series.Count > 1;
        return plot;
    }

    // A line a method over the degrees of freedom, of the first truth.
    private static Plot Curves(PlottedResult result)
    {
        var plot = new Plot();
        var damped = result.Series[0].Values.Where(value => value.Method.Contains(DampingMark));
        foreach (var method in damped.GroupBy(value => value.Method.Split(DampingMark)[0]))
        {
            var points = method.Select(value => (Part(value), value.Value)).OrderBy(point => point.Item1).ToList();
            double[] places = [.. points.Select(point => Math.Log2(point.Item1))];
            double[] figures = [.. points.Select(point => point.Value)];
            var line = plot.Add.Scatter(places, figures);
            line.LegendText = method.Key;
        }
        double[] parts = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5];
        string[] labels = [.. parts.Select(part => part.ToString(CultureInfo.InvariantCulture))];
        plot.Axes.Bottom.SetTicks([.. parts.Select(Math.Log2)], labels);
        plot.XLabel("damping: degrees of freedom as a part of the training pictures");
        plot.YLabel(result.Axis);
        plot.ShowLegend(Alignment.LowerCenter);
        return plot;

        static double Part(PlottedValue value) =>
            double.Parse(value.Method.Split(DampingMark)[1], CultureInfo.InvariantCulture);
    }
}
