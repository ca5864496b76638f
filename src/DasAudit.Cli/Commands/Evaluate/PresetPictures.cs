using DasAudit.Core.Evaluation;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Where the pictures of a preset come from.</summary>
/// <param name="Configuration">The model that is trained on them: a folder of <c>presets</c>.</param>
/// <param name="LearningRate">AdamW's, after warm-up.</param>
/// <param name="Factors">What of them is known.</param>
internal abstract record PresetPictures(string Configuration, double LearningRate, IReadOnlyList<GroupKey> Factors)
{
    /// <summary>What <c>--preset</c> calls them.</summary>
    public abstract string Name { get; }

    /// <summary>Writes the training pictures; a folder that is there is left.</summary>
    /// <param name="source">The folder of Fashion-MNIST, absolute.</param>
    public abstract void WriteTraining(string source, int count, string folder);

    /// <summary>Writes pictures that are no training pictures; a folder that is there is left.</summary>
    /// <param name="source">The folder of Fashion-MNIST, absolute.</param>
    public abstract void WriteHeldOut(string source, int count, string folder);
}

/// <summary>Classes of Fashion-MNIST.</summary>
/// <param name="Classes">Two of ten.</param>
internal sealed record FashionPictures(IReadOnlyList<int> Classes) : PresetPictures("fashion", 3e-3, [])
{
    public override string Name => $"fashion:{string.Join(',', Classes.Order())}";

    public override void WriteTraining(string source, int count, string folder) =>
        FashionMnist.Write(source, "train", Classes, count, folder);

    public override void WriteHeldOut(string source, int count, string folder) =>
        FashionMnist.Write(source, "t10k", Classes, count, folder);
}

/// <summary>Shapes in colours, drawn.</summary>
internal sealed record DrawnShapes() : PresetPictures("shapes", 2e-3, [GroupKey.Folder, GroupKey.Class])
{
    private const int FirstHeldOut = 5000;

    public override string Name => "shapes";

    public override void WriteTraining(string source, int count, string folder) =>
        ShapePictures.Write(0, count, folder);

    public override void WriteHeldOut(string source, int count, string folder) =>
        ShapePictures.Write(FirstHeldOut, count, folder);
}
