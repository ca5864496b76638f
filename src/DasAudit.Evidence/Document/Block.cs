namespace DasAudit.Evidence.Document;

/// <summary>A part of a section.</summary>
internal abstract record Block;

/// <summary>A remark of the program's own, in small print.</summary>
internal sealed record Note(string Text) : Block;

internal sealed record Bullets(IReadOnlyList<Content> Items, bool SmallPrint = false) : Block;

/// <summary>Pictures in order, each with a figure.</summary>
internal sealed record Ranking(IReadOnlyList<RankedFile> Files) : Block;

/// <summary>A path within the dataset, and the figure beside it.</summary>
internal sealed record RankedFile(string Path, string Figure);

/// <summary>Terms and what they mean, in the program's own words.</summary>
internal sealed record Definitions(IReadOnlyList<Definition> Items) : Block;

internal sealed record Definition(string Term, string Meaning);

internal sealed record Facts(IReadOnlyList<Fact> Items) : Block;

internal sealed record Fact(string Name, Content Value);
