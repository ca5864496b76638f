using System.Text.Json;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Evidence.Exports.Datasets;
using Markdig;
using Markdig.Syntax;

namespace DasAudit.Evidence.Tests.Exports.Datasets;

public class PublicSummaryTests
{
    private static readonly string[] Headings =
    [
        "1. General information",
        "1.1. Provider identification",
        "1.2. Model identification",
        "1.3. Modalities, overall training data size and other characteristics",
        "2. List of data sources",
        "2.1. Publicly available datasets",
        "2.2. Private non-publicly available datasets obtained from third parties",
        "2.2.1. Datasets commercially licensed by rightsholders or their representatives",
        "2.2.2. Private datasets obtained from other third parties",
        "2.3. Data crawled and scraped from online sources",
        "2.4. User data",
        "2.5. Synthetic data",
        "2.6. Other sources of data",
        "3. Data processing aspects",
        "3.1. Respect of reservation of rights from text and data mining exception or limitation",
        "3.2. Removal of illegal content",
        "3.3. Other information (optional)",
    ];

    [Fact]
    public void It_has_every_section_of_the_template()
    {
        using var folder = new ExportedSet();
        var headings = Markdown
            .Parse(Draft(folder))
            .Descendants<HeadingBlock>()
            .Select(heading => heading.Inline!.FirstChild!.ToString());

        Assert.Equal(Headings, headings.Skip(1));
    }

    [Fact]
    public void What_the_dataset_shows_is_filled_in()
    {
        using var folder = new ExportedSet(
            Line(
                0,
                new
                {
                    license = "MIT",
                    rights_holder = "Ann",
                    source = "https://a.example/1",
                    caption = "one",
                }
            ),
            Line(
                1,
                new
                {
                    license = "MIT",
                    rights_holder = "Ann",
                    source = "https://b.example/2",
                }
            ),
            Line(
                2,
                new
                {
                    license = "CC0-1.0",
                    rights_holder = "Bob",
                    source = "http://A.example/3",
                }
            )
        );
        File.WriteAllText(Path.Combine(folder.Path, "ai.txt"), "User-Agent: *\nDisallow: /\n");
        var draft = Draft(folder);

        Assert.Contains("| Image | less than 1 million images: 3 pictures in this dataset |", draft);
        Assert.Contains("| Text | 1 caption in this dataset;", draft);
        Assert.Contains("**Licences that its metadata state:** MIT (2), CC0-1.0 (1)", draft);
        Assert.Contains("**Rights holders that the metadata state:** Ann (2), Bob (1)", draft);
        Assert.Contains("`a.example` (2), `b.example` (1); 2 hosts of 3 pictures.", draft);
        Assert.Contains("- 3 pictures (opt-out): ", draft);
        Assert.Contains("4×4 (3)", draft);
        Assert.Contains(folder.Load().Root, draft);
    }

    [Fact]
    public void What_it_does_not_show_is_left_to_the_provider()
    {
        using var folder = new ExportedSet();
        var draft = Draft(folder);

        foreach (
            var field in new[]
            {
                "Provider name and contact details:",
                "Versioned model name(s):",
                "Date of placement of the model on the Union market:",
                "Latest date of data acquisition/collection for model training:",
                "Have you used publicly available datasets to train the model?",
                "Were crawlers used by the provider or on its behalf?",
                "General description of measures taken:",
            }
        )
            Assert.Contains($"**{field}** {PublicSummary.ToFillIn}\n", draft);
        Assert.Contains("none was found, which does not show that no rights were reserved elsewhere", draft);
        Assert.Contains("**Rights holders that the metadata state:** none stated", draft);
    }

    [Fact]
    public void Texts_from_metadata_are_no_markup()
    {
        using var folder = new ExportedSet(
            Line(
                0,
                new
                {
                    rights_holder = "<script>x</script> [a](b)",
                    license = "|x|",
                    source = "https://x.example/`",
                }
            )
        );
        var html = Markdown.ToHtml(Draft(folder));

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<a ", html, StringComparison.Ordinal);
    }

    private static string Line(int picture, object metadata)
    {
        var node = JsonSerializer.SerializeToNode(metadata)!;
        node["file_name"] = $"sub/p {picture}.png";
        return node.ToJsonString();
    }

    private static string Draft(ExportedSet folder)
    {
        var set = folder.Load();
        using var writer = new StringWriter { NewLine = "\n" };
        new PublicSummary(set, DatasetCheck.Run(set, TimeProvider.System)).Write(writer);
        return writer.ToString();
    }
}
