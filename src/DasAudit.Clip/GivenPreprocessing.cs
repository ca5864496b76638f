namespace DasAudit.Clip;

/// <summary>How pictures are prepared, said by the caller, whatever lies beside the encoder.</summary>
/// <param name="Choice">A preset (see <see cref="PreprocessingPresets"/>) or the path of a preprocessing file.</param>
/// <param name="ShownAs">What reports name as its source.</param>
public sealed record GivenPreprocessing(string Choice, string ShownAs);
