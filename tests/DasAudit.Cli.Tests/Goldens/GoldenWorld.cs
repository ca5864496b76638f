using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>The files that the runs start from: a little of the sample, and configurations of tiny models.</summary>
internal static class GoldenWorld
{
    private const int Training = 4;
    private const int Test = 1;
    private const int Decoys = 2;

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "sample");

    public static void Write(string folder)
    {
        foreach (var part in new[] { "model", "encoder" })
            SmallWorld.Copy(Path.Combine(Sample, part), Path.Combine(folder, part));
        WritePictures(folder);
        Copy("generated/seed-0.png", folder, "seed-0.png");
        Copy("generated/seed-1.png", folder, "seed-1.png");
        for (var i = 2; i < 5; i++)
            Copy($"generated/seed-{i}.png", folder, $"others/seed-{i}.png");
        WriteConfiguration(Path.Combine(folder, "tiny-config"), classes: null);
        WriteConfiguration(Path.Combine(folder, "conditional-config"), classes: 2);
        WriteBadFiles(folder);
    }

    // Of each rights holder every seventh picture: training, test, decoys.
    private static void WritePictures(string folder)
    {
        var pictures = new List<JsonObject>();
        var decoys = new List<JsonObject>();
        var lines = File.ReadAllLines(Path.Combine(Sample, "dataset", "metadata.jsonl"));
        var all = lines.Select(line => JsonNode.Parse(line)!.AsObject());
        foreach (var holder in all.GroupBy(line => (string)line["rights_holder"]!))
        {
            var chosen = holder.Where((_, i) => i % 7 == 0).Take(Training + Test + Decoys).ToList();
            foreach (var (i, line) in chosen.Take(Training + Test).Index())
            {
                line["split"] = i < Training ? "train" : "test";
                line["label"] = $"{i % 2}";
                pictures.Add(line);
            }
            decoys.AddRange(chosen.Skip(Training + Test));
        }
        WriteDataset(folder, "pictures", pictures);
        WriteDataset(folder, "decoys", decoys);
    }

    private static void WriteDataset(string folder, string name, List<JsonObject> lines)
    {
        foreach (var line in lines)
            Copy($"dataset/{line["file_name"]}", folder, $"{name}/{line["file_name"]}");
        WriteText(folder, $"{name}/metadata.jsonl", string.Concat(lines.Select(line => line.ToJsonString() + "\n")));
    }

    private static void WriteConfiguration(string folder, int? classes) =>
        DdpmConfiguration.Write(
            folder,
            new
            {
                _class_name = "UNet2DModel",
                sample_size = 8,
                in_channels = 3,
                out_channels = 3,
                layers_per_block = 1,
                block_out_channels = new[] { 8, 16 },
                norm_num_groups = 4,
                attention_head_dim = 8,
                num_class_embeds = classes,
                down_block_types = new[] { "DownBlock2D", "AttnDownBlock2D" },
                up_block_types = new[] { "AttnUpBlock2D", "UpBlock2D" },
            }
        );

    private static void WriteBadFiles(string folder)
    {
        WriteText(folder, "bad/cat.txt", "a cat");
        WriteText(folder, "bad/picture.png", "no picture");
        WriteText(folder, "bad/diary.db", "Dear diary");
        WriteText(folder, "bad/config.json", "{");
        Directory.CreateDirectory(Path.Combine(folder, "bad", "empty"));
        SmallWorld.Copy(Path.Combine(folder, "tiny-config"), Path.Combine(folder, "bad", "unweighted"));
        SmallWorld.Copy(Path.Combine(folder, "decoys"), Path.Combine(folder, "bad", "gone"));
        var metadata = Path.Combine(folder, "bad", "gone", "metadata.jsonl");
        File.AppendAllText(metadata, """{"file_name":"gone.png"}""" + "\n");
        SmallWorld.Copy(Path.Combine(folder, "decoys"), Path.Combine(folder, "bad", "broken"));
        WriteText(folder, "bad/broken/picture.png", "junk");
    }

    private static void Copy(string source, string folder, string target)
    {
        var path = Path.Combine(folder, target);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(Sample, source), path);
    }

    private static void WriteText(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
