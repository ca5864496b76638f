using System.Globalization;
using DasAudit.Core.Training;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>
/// A study that needs nothing else: its pictures are made, its model is trained, its queries generated.
/// </summary>
/// <param name="Count">Training pictures.</param>
/// <param name="Queries">As many are generated as are held out.</param>
/// <param name="Epochs">Of training.</param>
/// <param name="Subsets">Parts of the dataset for <c>evaluate lds</c>.</param>
internal sealed record StudyPreset(PresetPictures Pictures, int Count, int Queries, int Epochs, int Subsets)
{
    private const int BatchSize = 16;
    private const string Fashion = "fashion";

    /// <summary>Sandals and bags.</summary>
    private static readonly FashionPictures PilotClasses = new([5, 8]);

    /// <summary>Proves the machinery in minutes; its figures say little.</summary>
    public static StudyPreset Quick { get; } = new(PilotClasses, Count: 64, Queries: 8, Epochs: 40, Subsets: 8);

    /// <summary>What <c>--preset</c> calls it.</summary>
    public string Name => this == Quick ? "quick" : Pictures.Name;

    /// <summary>How its models are trained.</summary>
    public TrainingOptions Training =>
        new()
        {
            Steps = Epochs * Count / BatchSize,
            BatchSize = BatchSize,
            LearningRate = Pictures.LearningRate,
            WarmupSteps = 50,
            EmaDecay = Epochs >= 200 ? 0.995 : 0.99,
            Keep = [0.3, 0.5],
            KeepState = 0.75,
        };

    /// <summary>Reads <c>quick</c>, <c>fashion</c>, <c>fashion:A,B</c> with two classes, or <c>shapes</c>.</summary>
    public static StudyPreset? Parse(string text) =>
        text.Split(':') switch
        {
            ["quick"] => Quick,
            [Fashion] => Of(PilotClasses),
            [Fashion, var classes] when Pair(classes) is { } pair => Of(new FashionPictures(pair)),
            ["shapes"] => Of(new DrawnShapes()),
            _ => throw new FormatException(
                $"takes quick, fashion, fashion:A,B with two different classes from 0 to 9, or shapes, not '{text}'."
            ),
        };

    private static StudyPreset Of(PresetPictures pictures) =>
        new(pictures, Count: 256, Queries: 32, Epochs: 200, Subsets: 32);

    private static int[]? Pair(string text)
    {
        int[] classes =
        [
            .. text.Split(',')
                .Select(part =>
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1
                ),
        ];
        return classes is [>= 0 and <= 9, >= 0 and <= 9] && classes[0] != classes[1] ? classes : null;
    }
}
