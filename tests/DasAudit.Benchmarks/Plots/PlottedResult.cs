using System.Text.Json;

namespace DasAudit.Benchmarks.Plots;

/// <summary>What of an evaluation is drawn.</summary>
/// <param name="Axis">What the figures are.</param>
/// <param name="Methods">Best first by the first series.</param>
internal sealed record PlottedResult(string Axis, List<PlottedSeries> Series, IReadOnlyList<string> Methods)
{
    public static PlottedResult Read(JsonElement result)
    {
        var schema = result.GetProperty("schema").GetString()!;
        List<PlottedSeries> series =
        [
            .. result.GetProperty("targets").EnumerateArray().Where(IsDrawn).Select(target => OfTarget(target, schema)),
        ];
        var methods = series[0].Values.OrderByDescending(value => value.Value).Select(value => value.Method);
        var isLds = schema.StartsWith("das-audit/lds", StringComparison.Ordinal);
        var axis = isLds
            ? "rank correlation with retrained models (LDS)"
            : "rank correlation of shares with leaving groups out";
        return new(axis, series, [.. methods]);
    }

    private static bool IsDrawn(JsonElement target) =>
        target.GetProperty("target").GetString() is "simple-loss" or "log-loss" or "output-change";

    private static PlottedSeries OfTarget(JsonElement target, string schema) =>
        new(
            target.GetProperty("target").GetString()!.Replace('-', ' '),
            [.. target.GetProperty("methods").EnumerateArray().Select(method => Value(method, schema))]
        );

    private static PlottedValue Value(JsonElement method, string schema)
    {
        var name = method.GetProperty("method").GetString()!;
        if (schema.StartsWith("das-audit/lds", StringComparison.Ordinal))
            return new(name, Number(method, "lds"), Number(method, "low"), Number(method, "high"));
        var spearman = method.GetProperty("spearman");
        return new(name, Number(spearman, "value"), Number(spearman, "low"), Number(spearman, "high"));
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}

/// <summary>The figures of all methods under one truth.</summary>
internal sealed record PlottedSeries(string Name, List<PlottedValue> Values);

/// <summary>A figure with its interval.</summary>
internal sealed record PlottedValue(string Method, double Value, double Low, double High);
