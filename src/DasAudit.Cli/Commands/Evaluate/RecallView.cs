using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Recall;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows to a person what fewer candidates lose.</summary>
internal static class RecallView
{
    // What is called kept.
    private const double Kept = 0.9;

    public static void Write(RecallResult result, ToolOutput output)
    {
        foreach (var encoder in result.Encoders)
        {
            if (result.Encoders.Count > 1)
                output.Say($"Encoder {encoder.Encoder}, {encoder.Sha256[..8]}:");
            output.Write(Limits(encoder));
            foreach (var method in encoder.Limits[0].Methods.Select(method => method.Method))
                output.Say(Words(encoder, method));
        }
        output.Say(
            "Among: the part of the top of the ranking of all pictures that the encoder brings in. Found: the part "
                + "that the ranking of these candidates has in its own top, as long."
        );
        output.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"What methods look at took {result.GradientSeconds:0.0} s for all {result.Pictures} pictures; "
                    + $"of this, fewer candidates need the part under 'work'."
            )
        );
    }

    private static Table Limits(EncoderRecall encoder)
    {
        int[] tops = [.. encoder.Limits[0].Methods[0].Tops.Select(top => top.Top)];
        var table = Tables.Simple([
            new("limit"),
            new TableColumn("cand.").RightAligned(),
            new TableColumn("work").RightAligned(),
            new("method"),
            .. tops.SelectMany(top =>
                new[] { new TableColumn($"{top} among").RightAligned(), new TableColumn($"{top} found").RightAligned() }
            ),
            new TableColumn("seconds").RightAligned(),
        ]);
        foreach (var limit in encoder.Limits)
        foreach (var (place, method) in limit.Methods.Index())
            table.AddRow([
                new Text(place == 0 ? $"{limit.Limit} ({Percent(limit.Part)})" : ""),
                new Text(place == 0 ? limit.Candidates.ToString("0", CultureInfo.InvariantCulture) : ""),
                new Text(place == 0 ? Percent(limit.Work) : ""),
                new Text(method.Method),
                .. method.Tops.SelectMany(top =>
                    new[] { new Text(Number(top.AmongCandidates.Value)), new Text(Number(top.InRanking.Value)) }
                ),
                new Text(method.Seconds.ToString("0.0", CultureInfo.InvariantCulture)),
            ]);
        return table;
    }

    // The fewest candidates that clearly keep the top of the method's own ranking.
    private static string Words(EncoderRecall encoder, string method)
    {
        var fewest = encoder.Limits.TakeWhile(limit => FirstTop(limit, method).InRanking.Low >= Kept).LastOrDefault();
        if (fewest is null || fewest.Limit == encoder.Limits[0].Limit)
            return $"{method}: no smaller limit keeps {Percent(Kept)} of its first pictures.";
        var top = FirstTop(fewest, method);
        return $"{method}: with {Percent(fewest.Part)} of the pictures it still finds {Words(top.InRanking)} of its "
            + $"first {top.Top}, for {Percent(fewest.Work)} of the gradients.";
    }

    private static TopRecall FirstTop(LimitRecall limit, string method) =>
        limit.Methods.First(ofLimit => ofLimit.Method == method).Tops[0];

    private static string Words(Interval interval) =>
        $"{Number(interval.Value)} ({Number(interval.Low)} … {Number(interval.High)})";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(double part) => part.ToString("0%", CultureInfo.InvariantCulture);
}
