using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

public sealed class EncoderFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Found(string path = "")
    {
        var files = EncoderFiles.Find(Path.Combine(_folder.Path, path));
        return Path.GetRelativePath(_folder.Path, files.Model);
    }

    private string Refusal(string path = "") => Assert.Throws<AuditException>(() => Found(path)).Message;

    [Fact]
    public void The_vision_model_is_preferred_to_the_model_and_the_folder_to_its_onnx_folder()
    {
        _folder.Write("onnx/model.onnx", "");
        Assert.Equal("onnx/model.onnx", Found());
        _folder.Write("onnx/vision_model_quantized.onnx", "");
        Assert.Equal("onnx/model.onnx", Found());
        _folder.Write("model.onnx", "");
        Assert.Equal("model.onnx", Found());
        _folder.Write("onnx/vision_model.onnx", "");
        _folder.Write("preprocessor_config.json", "{}");
        Assert.Equal("onnx/vision_model.onnx", Found());
        _folder.Write("vision_model.onnx", "");
        Assert.Equal("vision_model.onnx", Found());
    }

    [Fact]
    public void Immichs_visual_folder_can_be_named_itself_or_by_the_folder_above()
    {
        _folder.Write("ViT-B-32__openai/visual/model.onnx", "");
        _folder.Write("ViT-B-32__openai/textual/model.onnx", "");
        foreach (var path in (string[])["ViT-B-32__openai", "ViT-B-32__openai/visual"])
        {
            Assert.Equal("ViT-B-32__openai/visual/model.onnx", Found(path));
            Assert.Equal("ViT-B-32__openai", EncoderFiles.Find(_folder.At(path)).Name);
        }
    }

    [Fact]
    public void Of_quantised_models_alone_that_of_images_is_taken_and_several_are_refused()
    {
        _folder.Write("onnx/model_quantized.onnx", "");
        _folder.Write("onnx/text_model_quantized.onnx", "");
        _folder.Write("onnx/vision_model_quantized.onnx", "");
        Assert.Equal("onnx/vision_model_quantized.onnx", Found());
        _folder.Write("onnx/vision_model_q4.onnx", "");
        Assert.Contains(
            "onnx/vision_model_q4.onnx, onnx/vision_model_quantized.onnx",
            Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_snapshot_of_the_hub_has_the_repositorys_name()
    {
        var snapshot = "models--Xenova--clip-vit-base-patch32/snapshots/0123abc";
        _folder.Write(snapshot + "/onnx/vision_model.onnx", "");
        Assert.Equal("Xenova/clip-vit-base-patch32", EncoderFiles.Find(_folder.At(snapshot)).Name);
    }

    [Fact]
    public void A_file_can_be_named_itself_and_its_configuration_lies_beside_or_above()
    {
        _folder.Write("onnx/a.onnx", "");
        _folder.Write("other/a.onnx", "");
        _folder.Write("preprocessor_config.json", "{}");
        Assert.Equal("onnx/a.onnx", Found("onnx/a.onnx"));
        Assert.Equal("onnx/a.onnx", Found("onnx"));
        Assert.Equal("other/a.onnx", Found("other/a.onnx"));
        _folder.Write("onnx/preprocessor_config.json", "{}");
        Assert.Equal("onnx/a.onnx", Found("onnx/a.onnx"));
    }

    [Fact]
    public void The_only_model_or_the_only_one_of_images_is_taken_and_several_are_refused()
    {
        _folder.Write("encoder.onnx", "");
        Assert.Equal("encoder.onnx", Found());
        _folder.Write("text_model.onnx", "");
        Assert.Contains("several .onnx files (encoder.onnx, text_model.onnx)", Refusal(), StringComparison.Ordinal);
        _folder.Write("visual.onnx", "");
        Assert.Equal("visual.onnx", Found());
    }

    [Fact]
    public void A_missing_folder_and_one_without_a_model_are_refused()
    {
        Assert.Contains("holds no .onnx file", Refusal(), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal("no"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_is_the_configurations_or_the_folders()
    {
        _folder.Write("clip-vit/onnx/model.onnx", "");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", """{"_name_or_path": "/home/someone/clip"}""");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", """{"_name_or_path": "openai/clip-vit-base-patch32"}""");
        Assert.Equal("openai/clip-vit-base-patch32", EncoderFiles.Find(_folder.At("clip-vit")).Name);
        _folder.Write("clip-vit/config.json", "broken");
        Assert.Equal("clip-vit", EncoderFiles.Find(_folder.At("clip-vit")).Name);
    }
}
